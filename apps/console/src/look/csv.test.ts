import { expect, test } from "vitest";

import { csvLine } from "./csv.ts";

test.each([
  ["=1+1", `"'=1+1"`],
  ["+cmd|' /C calc'!A0", `"'+cmd|' /C calc'!A0"`],
  ["-2+3+cmd", `"'-2+3+cmd"`],
  ["@SUM(A1)", `"'@SUM(A1)"`],
  ["\t=1", `"'\t=1"`],
  ["+55 (11) 98888-7777", `"+55 (11) 98888-7777"`],
  ["-10", `"-10"`],
  ['say "hi"; bye', `"say ""hi""; bye"`],
  ["a\nb", `"a\nb"`],
])("a spreadsheet runs no formula of an exported cell, and shows it as it was: %j", (cell, written) => {
  expect(csvLine([cell])).toBe(`${written}\r\n`);
});

test("cells are separated by semicolons, and a missing one is empty", () => {
  expect(csvLine([1, null, "x"])).toBe('"1";"";"x"\r\n');
});
