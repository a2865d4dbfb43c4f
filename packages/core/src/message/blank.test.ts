import { expect, it } from "vitest";

import { isBlank } from "./blank.ts";

it("every white-space or ignorable character of Unicode counts as empty, alone or with others, unless it is refused", () => {
  const invisible: string[] = [];
  for (let code = 0; code <= 0x10_ff_ff; code += 1) {
    const character = String.fromCodePoint(code);
    if (/[\p{Cc}\u2028\u2029]/u.test(character)) continue;
    if (/[\p{White_Space}\p{Default_Ignorable_Code_Point}]/u.test(character)) invisible.push(character);
  }
  expect(invisible.filter((character) => !isBlank(character))).toEqual([]);
  expect(isBlank(invisible.join(""))).toBe(true);
});

it.each(["a", "0", ".", "\u00a0a", "é", "👍", "\u{1f468}\u200d\u{1f469}"])("%j is not empty", (text) => {
  expect(isBlank(text)).toBe(false);
});
