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

/** Files of the daemon in which the word is PostgreSQL's own, or a person's for a row that waits for one. */
const mayHold = new Set([
  "careful/careful-claims.ts",
  "checks/check-database.ts",
  "checks/check-snapshots.ts",
  "cli.ts",
  "commands/check.ts",
  "database/connection-pool.ts",
  "database/database.ts",
  "database/lock-watch.ts",
  "lanes/claim-planner.ts",
  "metrics/collectors/outbox.ts",
  "metrics/collectors/snapshot.ts",
  "policy/outcome.ts",
  "policy/waiting-lanes.ts",
  "status/status-report.ts",
  "status/status-text.ts",
]);

test("in the daemon `held` stands only where it is listed", () => {
  const source = new URL("./", import.meta.url);
  const files = globSync("**/*.ts", { cwd: source }).filter((file) => !file.endsWith(".test.ts"));
  const held = files.filter((file) => /\bheld\b(?!-)/.test(readFileSync(new URL(file, source), "utf8")));
  expect(held.filter((file) => !mayHold.has(file))).toEqual([]);
});
