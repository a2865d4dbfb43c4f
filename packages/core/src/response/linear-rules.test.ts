import { describe, expect, it } from "vitest";

import { interpretResponse } from "./interpret-response.ts";
import type { ResponseRule } from "./response-rule.ts";

const texts = ["a", "x", "erro:inv lid ", "erro : inv alid", "(", "0|", "ab", "é"].flatMap((unit) => [
  unit.repeat(65_536 / Buffer.byteLength(unit)).slice(0, 65_000),
  `${unit.repeat(2047 / unit.length)}!`,
]);

/** Processor time, which other programs on the machine do not lengthen, for all texts. */
function costOf(body: string): number {
  const rules: readonly ResponseRule[] = [
    { name: "mine", when: { body }, outcome: "rejected", code: "mine" },
  ];
  const judge = (): void => {
    for (const text of texts) interpretResponse({ httpStatus: 200, body: text }, rules);
  };
  judge();
  const before = process.cpuUsage();
  for (let round = 0; round < 3; round += 1) judge();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 3;
}

describe("a user's rule", () => {
  it.each([
    "(a|a)*$",
    "erro.*:.*inv.*lid.*x",
    "(x+x+)+y",
    "(a+)+$",
    "(a|aa)+$",
    "(.*a){20}",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    String.raw`(\w+\s?)*z`,
    String.raw`(.*)(.*)(.*)(.*)z`,
    "([a-z]{1,10}){1,10}9",
  ])("takes linear time on any text, also %s", (body) => {
    // Backtracking would take a million times as long or never end.
    expect(costOf(body)).toBeLessThan(60 * Math.max(costOf("^zzz"), 1000));
  });

  it("finds a reference in linear time too", () => {
    const rules: readonly ResponseRule[] = [
      { name: "mine", when: { kind: "text" }, outcome: "accepted", reference: "(a|a)*b|id (\\d+)" },
    ];
    expect(interpretResponse({ httpStatus: 200, body: `${"a".repeat(2000)}!` }, rules)).toEqual({
      outcome: "accepted",
      reference: null,
      rule: "mine",
    });
  });

  it("ignores case in every alphabet, and sees the text in one line", () => {
    const rules: readonly ResponseRule[] = [
      { name: "mine", when: { body: "^NÃO enviado.*fim$" }, outcome: "rejected", code: "mine" },
    ];
    expect(interpretResponse({ httpStatus: 200, body: "não  ENVIADO\nx\nFIM\n" }, rules).rule).toBe("mine");
  });
});
