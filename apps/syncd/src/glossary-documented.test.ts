import { globSync, readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

const docs = new URL("../../../docs/", import.meta.url);
const glossary = readFileSync(new URL("glossary.md", docs), "utf8");

interface Term {
  readonly word: string;
  readonly meaning: string;
  /** What the code calls it, and the file that has it; null where it is not there yet. */
  readonly place: { readonly name: string; readonly file: string } | null;
}

const terms: readonly Term[] = [...glossary.matchAll(/^\| (.+?) +\| (.+?) +\| (.*?) *\|$/gm)]
  .filter(([, word = ""]) => word !== "word" && !word.startsWith("--"))
  .map(([, word = "", meaning = "", where = ""]) => {
    const [, name, file] = /^\[`(.+)`\]\((.+)\)$/.exec(where) ?? [];
    return { word, meaning, place: name === undefined || file === undefined ? null : { name, file } };
  });

test("the glossary explains each word once, and has a place in the code for each", () => {
  expect(terms.length).toBeGreaterThan(40);
  expect(new Set(terms.map(({ word }) => word)).size).toBe(terms.length);
  expect(terms.filter(({ place }) => place === null).map(({ word }) => word)).toEqual([]);
});

describe("the place that the glossary names for a word has it", () => {
  test.each(terms.flatMap(({ word, place }) => (place === null ? [] : [{ word, ...place }])))(
    "$word: $name",
    ({ name, file }) => {
      expect(readFileSync(new URL(file, docs), "utf8")).toMatch(new RegExp(`\\b${name}\\b`));
    },
  );
});

test.each(["README.md", "architecture.md", "../CONTRIBUTING.md"])("%s leads to the glossary", (page) => {
  expect(readFileSync(new URL(page, docs), "utf8")).toMatch(/\((?:docs\/)?glossary\.md\)/);
});

/** Names of the contract, and a lock, which is held as PostgreSQL says. */
const otherMeanings = new RegExp(
  [
    "talkme_outbox_held_lanes",
    "talkme_outbox_oldest_held_timestamp_seconds",
    "talkme_oldest_snapshot_held_seconds",
    "held_lanes",
    "held by process",
  ].join("|"),
  "g",
);

/** Where rows are counted that are held, as the glossary has it. */
const countHeldRows = new Set([
  "language/screens/status.ts",
  "metrics/collectors/campaigns.ts",
  "policy/shown-campaigns.ts",
  "status/named-campaigns.ts",
  "status/progress-table.ts",
]);

test("in the daemon `held` has no second meaning, but for names of the contract and locks", () => {
  const source = new URL("./", import.meta.url);
  const files = globSync("**/*.ts", { cwd: source }).filter(
    (file) => !file.endsWith(".test.ts") && !countHeldRows.has(file),
  );
  const text = (file: string): string => readFileSync(new URL(file, source), "utf8");
  expect(files.filter((file) => /held/i.test(text(file).replaceAll(otherMeanings, "")))).toEqual([]);
});
