import { expect, test } from "vitest";

import { asciiText, storableText } from "./storable-text.ts";

test("what PostgreSQL cannot store is replaced, and what it can is kept", () => {
  expect(storableText("olá\u0000 \uD800 🙂")).toBe("olá\uFFFD \uFFFD 🙂");
});

test("a long text is cut, and never in the middle of a character", () => {
  const cut = storableText(`${"x".repeat(2047)}🙂`);
  expect(cut).toHaveLength(2048);
  expect(cut.isWellFormed()).toBe(true);
});

test("for a database of another encoding, characters beyond ASCII become question marks", () => {
  expect(asciiText("Olá, João 👍\n")).toBe("Ol?, Jo?o ?\n");
  expect(asciiText(null)).toBeNull();
});
