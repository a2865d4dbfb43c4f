import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { maintenanceTasks } from "./maintenance/maintenance.ts";

const root = new URL("../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const pages = globSync("{*.md,docs/*.md,docs/pt-BR/*.md,packages/*/README.md}", {
  cwd: fileURLToPath(root),
}).toSorted();

/** The first cells of a page's table rows that are code. */
function namesInTable(page: string): readonly string[] {
  return [...page.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name = ""]) => name);
}

/** What stands between a heading and the next one of its level. */
function section(page: string, heading: string): string {
  return page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
}

const architecture = read("docs/architecture.md");

test("the index of decisions names every decision, each once and in order", () => {
  const files = readdirSync(new URL("docs/decisions/", root)).toSorted().slice(1);
  const index = read("docs/decisions/0001-record-decisions.md");
  expect([...index.matchAll(/^\| \[\d{4}\]\(([^)]+)\)/gm)].map(([, file]) => file)).toEqual(files);
});

test("every decision begins with its own number", () => {
  for (const file of readdirSync(new URL("docs/decisions/", root)))
    expect(read(`docs/decisions/${file}`)).toMatch(new RegExp(`^# 0*${Number(file.slice(0, 4))}\\b`));
});

test("the architecture names every task of the maintenance, and no other", () => {
  expect(namesInTable(section(architecture, "Maintenance"))).toEqual([...maintenanceTasks]);
});

test("the architecture names every workspace, and no other", () => {
  const workspaces = globSync("{packages/*,apps/*,bench}/package.json", { cwd: fileURLToPath(root) })
    .map((file) => file.slice(0, -"/package.json".length))
    .toSorted();
  const table = section(architecture, "The house").split("<!--")[0] ?? "";
  expect(namesInTable(table).toSorted()).toEqual(workspaces);
});

test.each(["docs/", "docs/pt-BR/"])("every page of %s is in its index", (folder) => {
  const index = read(`${folder}README.md`);
  const others = readdirSync(new URL(folder, root)).filter((file) => /^(?!README).*\.md$/.test(file));
  expect(others.length).toBeGreaterThan(1);
  expect(others.filter((file) => !index.includes(`](${file})`))).toEqual([]);
});

test("every command of the repository is in CONTRIBUTING.md, and no other", () => {
  const scripts = Object.keys(Object(JSON.parse(read("package.json")).scripts));
  const ofCheck = new Set(["format:check", "lint", "typecheck", "unused"]);
  const named = [...read("CONTRIBUTING.md").matchAll(/^\| `pnpm ([a-z:]+)/gm)].map(([, name = ""]) => name);
  expect(named.toSorted()).toEqual(scripts.filter((name) => !ofCheck.has(name)).toSorted());
});

describe("every path that a page names in code is there", () => {
  test.each(pages)("%s", (page) => {
    const paths = read(page).matchAll(/`((?:apps|packages|deploy|docs|bench|\.ci)\/[\w./-]+)`/g);
    const missing = [...paths]
      .map(([, path = ""]) => path)
      .filter((path) => !existsSync(new URL(path, root)));
    expect(missing).toEqual([]);
  });
});

test("no page names a migration that is not there", () => {
  const files = readdirSync(new URL("packages/outbox/migrations/", root));
  for (const page of pages)
    for (const [, name = ""] of read(page).matchAll(/\b(\d{4}_[a-z_]+)(?:\.sql)?\b/g))
      expect(files).toContain(`${name}.sql`);
});

test("each step of the turn's statement that the state machine names is in its source", () => {
  const source = read("packages/outbox/sql/turn/settle-and-claim.sql");
  const named = read("docs/state-machine.md").matchAll(
    /steps? (\d)(?: and (\d))? of \[settle-and-claim\.sql\]/g,
  );
  const steps = [...named].flatMap(([, ...numbers]) => numbers.filter(Boolean));
  expect(steps.length).toBeGreaterThan(3);
  for (const step of steps) expect(source).toContain(`\n  -- ${step}. `);
});
