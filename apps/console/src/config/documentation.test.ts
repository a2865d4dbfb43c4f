import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { variables } from "./variables.ts";

const page = readFileSync(new URL("../../../../docs/console.md", import.meta.url), "utf8");

/** The variables of the page's table, with their defaults as written. */
const documented = new Map(
  [...page.matchAll(/^\| `(TALKME_CONSOLE_\w+)` +\| +(\S+) +\|/gm)].map(([, name = "", value = ""]) => [
    name,
    value,
  ]),
);

test("every setting is documented with its default, and no other", () => {
  expect([...documented.keys()].toSorted()).toEqual(Object.keys(variables).toSorted());
  for (const [name, schema] of Object.entries(variables)) {
    const fallback = schema.safeParse(undefined);
    const expected = !fallback.success
      ? "required"
      : fallback.data === undefined
        ? "none"
        : `\`${JSON.stringify(fallback.data).replaceAll('"', "")}\``;
    expect([name, documented.get(name)]).toEqual([name, expected]);
  }
});
