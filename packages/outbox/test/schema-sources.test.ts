import { createHash } from "node:crypto";

import { sql, type Kysely } from "kysely";
import { expect, test } from "vitest";

import { composeMigration } from "../scripts/compose-migration.ts";
import { readReleased } from "../scripts/released-migrations.ts";
import { readSchemaSources } from "../scripts/schema-sources.ts";
import { migrate, type OutboxDatabase } from "../src/index.ts";
import { createLedger } from "../src/migrations/ledger.ts";
import { readSqlFiles } from "../src/migrations/sql-files.ts";
import { describeSchema } from "./support/describe-schema.ts";
import { openEmpty } from "./support/servers.ts";

const root = new URL("../", import.meta.url);
const sources = readSchemaSources(new URL("sql/", root));
const released = readReleased(root);
const files = await readSqlFiles();

async function describe(db: Kysely<OutboxDatabase>): Promise<readonly string[]> {
  return (await describeSchema(db)).filter((fact) => !fact.startsWith("applied "));
}

test("all migrations together make the schema of the sources", async () => {
  const { db: migrated } = await openEmpty();
  await migrate(migrated);
  const { db: fromSources } = await openEmpty();
  await sql.raw([createLedger, ...sources.map(({ text }) => text)].join("\n")).execute(fromSources);

  expect(await describe(migrated)).toEqual(await describe(fromSources));
});

test("the unreleased migration matches the sources: otherwise run pnpm migration", () => {
  const open = files.filter(({ name }) => !(name in released));
  const before = files.filter(({ name }) => name in released).map(({ text }) => text);

  expect(open.length).toBeLessThanOrEqual(1);
  expect(open[0]?.text ?? null).toBe(composeMigration(sources, before, open[0]?.text ?? null));
});

test("a released migration never changes", () => {
  const checksums = files
    .filter(({ name }) => name in released)
    .map(({ name, text }) => [name, createHash("sha256").update(text).digest("hex")]);

  expect(Object.fromEntries(checksums)).toEqual(released);
});

test("a source replaces the object of its name, so that the next migration can include it unchanged", () => {
  const creating = sources.filter(({ text }) => /^create (?:function|view|trigger)/m.test(text));
  expect(creating.map(({ path }) => path)).toEqual([]);
});

test("the sources hold no character that LATIN1 lacks, so that a database in an older encoding of Brazil's can be migrated", () => {
  // oxlint-disable-next-line no-control-regex -- the range is that of the encoding
  const lines = files.flatMap(({ name, text }) =>
    text
      .split("\n")
      .flatMap((line, i) => (/^[\0-\u00FF]*$/.test(line) ? [] : [`${name}:${i + 1} ${line.trim()}`])),
  );
  expect(lines).toEqual([]);
});
