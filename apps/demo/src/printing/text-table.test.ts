import { expect, test } from "vitest";

import { textTable } from "./text-table.ts";

test("columns are aligned, also where a cell is coloured", () => {
  const green = "\u001B[32msent\u001B[39m";
  const columns = [
    { title: "status", align: "left" },
    { title: "n", align: "right" },
  ] as const;
  expect(
    textTable(columns, [
      [green, "1"],
      ["pending", "10"],
    ]),
  ).toEqual(["status    n", "───────  ──", `${green}      1`, "pending  10"]);
});
