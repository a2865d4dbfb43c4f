import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { everyMetric } from "../scripts/metrics-page.ts";
import { variableNames } from "./config/variables.ts";

const root = new URL("../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const pages = globSync("{*.md,docs/*.md,docs/pt-BR/*.md}", {
  cwd: fileURLToPath(root),
  exclude: ["CHANGELOG.md"],
});

const metrics = new Set(everyMetric().map(({ name }) => name));
const schema = read("packages/outbox/migrations/0001_baseline.sql");
describe.each(pages)("%s", (page) => {
  const text = read(page);

  test("names no metric and no role that does not exist", () => {
    const names = [...text.matchAll(/(?<![\w.%/])talkme_[a-z_]+\b(?!\*|\.)/g)].map(([name]) => name);
    const unknown = names.filter(
      (name) => !metrics.has(name.replace(/_(?:bucket|sum|count)$/, "")) && !schema.includes(name),
    );
    expect([...new Set(unknown)]).toEqual([]);
  });

  test("names no setting that does not exist", () => {
    const known = new Set(variableNames);
    // The console and the tests have settings of their own.
    const names = [...text.matchAll(/\bTALKME_(?!CONSOLE_|TEST_)[A-Z_]*[A-Z]\b/g)].map(([name]) => name);
    const unknown = names.filter((name) => !known.has(name.replace(/_FILE$/, "")));
    expect([...new Set(unknown)]).toEqual([]);
  });
});
