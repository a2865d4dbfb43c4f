import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { designNames, designs } from "../designs.ts";
import { mutationCells } from "../printing/mutation-table.ts";
import { invariants } from "../search/invariants.ts";
import { mutations } from "./mutations.ts";
import { protectionNames } from "./protections.ts";

const page = readFileSync(new URL("../../../../docs/model.md", import.meta.url), "utf8");

/** The rows of the page's tables, without what aligns them. */
const tableRows = page
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );

/** The rows of the table whose head begins with that word. */
function named(first: string): readonly (readonly string[])[] {
  const head = tableRows.findIndex((cells) => cells[0] === first);
  const rest = tableRows.slice(head + 2);
  const end = rest.findIndex((cells) => cells.length !== tableRows[head]?.length);
  return end === -1 ? rest : rest.slice(0, end);
}

test.each(protectionNames)(
  "without the protection “%s” the model finds what goes wrong, and the shortest way there, as the page says",
  (name) => {
    const cells = mutationCells(name);

    expect(cells).toContain(mutations[name].violates);
    expect(tableRows).toContainEqual(cells);
  },
);

test("each invariant is violated without some protection", () => {
  const violated = new Set<string>(Object.values(mutations).map(({ violates }) => violates));

  expect([...violated].toSorted()).toEqual(Object.keys(invariants).toSorted());
});

test("the page names every invariant, every protection and every design, and no other", () => {
  expect(named("invariant").map((cells) => cells.slice(0, 2))).toEqual(Object.entries(invariants));
  expect(named("without").map(([name]) => name)).toEqual(protectionNames.map((name) => `\`${name}\``));
  expect(named("design").map((cells) => cells.slice(0, 2))).toEqual(
    designNames.map((name) => [name, designs[name].says]),
  );
});
