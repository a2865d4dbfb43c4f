import { expect, test } from "vitest";

import { composeMigration } from "./compose-migration.ts";
import { parseMigration } from "./migration-sections.ts";
import type { SchemaSource } from "./schema-sources.ts";

const table: SchemaSource = { path: "tables/a.sql", hash: "t1", text: "create table talkme.a (id bigint);" };
const view: SchemaSource = {
  path: "people/v.sql",
  hash: "v1",
  text: "-- Why.\ncreate or replace view talkme.v as select 1;\n\ncomment on view talkme.v is 'V';",
};
const baseline = composeMigration([table, view], [], null) ?? "";

/** The sections of a migration, by their paths. */
function sectionsOf(migration: string | null): Readonly<Record<string, string>> {
  return Object.fromEntries(parseMigration(migration ?? "").sections.map(({ path, body }) => [path, body]));
}

test("the first migration holds every source in its order", () => {
  expect(Object.entries(sectionsOf(baseline))).toEqual([
    ["tables/a.sql", table.text],
    ["people/v.sql", view.text],
  ]);
});

test("the next migration holds only what has changed, and nothing is written where nothing has", () => {
  const changed = { ...view, hash: "v2", text: "create or replace view talkme.v as select 2;" };
  const added = { path: "people/w.sql", hash: "w1", text: "create type talkme.w as (id bigint);" };

  expect(sectionsOf(composeMigration([table, changed, added], [baseline], null))).toEqual({
    "people/v.sql": changed.text,
    "people/w.sql": added.text,
  });
  expect(composeMigration([table, view], [baseline], null)).toBeNull();
});

test("what cannot be replaced is written by hand: it fails until then, and is kept until its source changes again", () => {
  const wider = { ...table, hash: "t2", text: "create table talkme.a (id bigint, b text);" };
  const first = composeMigration([wider, view], [baseline], null) ?? "";
  expect(sectionsOf(first)["tables/a.sql"]).toContain("raise exception 'this section is not written yet");

  const written = first.replace(/do \$\$.*\$\$;/s, "alter table talkme.a add column b text;");
  const again = composeMigration([wider, { ...view, hash: "v2" }], [baseline], written);
  expect(sectionsOf(again)).toEqual({
    "tables/a.sql": "alter table talkme.a add column b text;",
    "people/v.sql": view.text,
  });

  const wider2 = { ...wider, hash: "t3" };
  expect(sectionsOf(composeMigration([wider2, view], [baseline], written))["tables/a.sql"]).toContain(
    "raise",
  );
});

test("what is gone from the sources is dropped by hand, once", () => {
  const dropping = composeMigration([table], [baseline], null) ?? "";
  expect(sectionsOf(dropping)).toEqual({ "people/v.sql": expect.stringContaining("drop what it created") });
  expect(composeMigration([table], [baseline, dropping], null)).toBeNull();
});

test("what the author wrote above the first section stays", () => {
  const own = `-- Widens the table.\nset local work_mem = '1GB';\n\n${baseline.slice(baseline.indexOf("-- ---- "))}`;
  expect(composeMigration([table, view], [], own)).toMatch(/^-- Widens the table\.\nset local work_mem/);
});
