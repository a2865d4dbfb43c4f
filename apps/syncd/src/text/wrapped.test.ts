import { expect, test } from "vitest";

import { shortened, wrapped } from "./wrapped.ts";

test("a paragraph is broken between words, and later lines are indented", () => {
  expect(wrapped("one two three four", 9, "- ")).toBe("- one two\n  three\n  four");
  expect(wrapped("https://a.very.long/address here", 10)).toBe("https://a.very.long/address\nhere");
});

test("a text is cut only where it is longer", () => {
  expect(shortened("Natal 2026", 10)).toBe("Natal 2026");
  expect(shortened("Natal de 2026", 10)).toBe("Natal de…");
});
