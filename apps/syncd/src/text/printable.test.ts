import { expect, test } from "vitest";

import { printable } from "./printable.ts";
import { textTable } from "./text-table.ts";

test.each([
  ["\u001B[2Jgone", "\uFFFD[2Jgone"],
  ["one\r\ntwo\u0085", "one\uFFFD\uFFFDtwo\uFFFD"],
  ["\u202Eabc", "\uFFFDabc"],
  ["São João – ok", "São João – ok"],
])("%j is shown as %j", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("a cell of a table cannot forge a line", () => {
  expect(textTable(["a"], [["1\n2"]]).split("\n")).toHaveLength(4);
});
