import { readFileSync, writeFileSync } from "node:fs";

import { createDatabase } from "@talkme/test-postgres";
import { cloneDatabase } from "@talkme/test-postgres/vitest";
import { sql } from "kysely";
import { expect, inject, onTestFinished, test } from "vitest";

import { migrate } from "../src/index.ts";
import { connect } from "./support/connect.ts";
import { monthsWithPrivileges, withPrivileges } from "./support/privileges-page.ts";

const page = new URL("../../../docs/privileges.md", import.meta.url);

test("docs/privileges.md lists exactly the privileges on every relation and function: pnpm docs:privileges updates it", async () => {
  const database = await cloneDatabase();
  const db = connect(database.url);
  onTestFinished(async () => {
    await db.destroy();
    await database.drop();
  });

  const written = readFileSync(page, "utf8");
  const derived = await withPrivileges(written, db);
  const isToBeWritten = process.env["PRIVILEGES_PAGE"] === "write";
  if (isToBeWritten) writeFileSync(page, derived);
  expect(isToBeWritten ? derived : written).toBe(derived);
  expect(await monthsWithPrivileges(db)).toEqual([]);
});

test("the owner's default grants to everybody do not apply in the schema, even to later objects", async () => {
  const database = await createDatabase(inject("postgresUrl"));
  const db = connect(database.url);
  onTestFinished(async () => {
    await db.destroy();
    await database.drop();
  });
  for (const what of ["schemas", "tables", "sequences", "functions", "types"])
    await sql.raw(`alter default privileges grant all on ${what} to public`).execute(db);
  await migrate(db);
  await sql`select talkme.create_attempt_partitions(6)`.execute(db);

  const written = readFileSync(page, "utf8");
  expect(await withPrivileges(written, db)).toBe(written);
  expect(await monthsWithPrivileges(db)).toEqual([]);
  const { rows } = await sql`
    select n.nspname from pg_namespace as n cross join lateral aclexplode(n.nspacl) as a
    where n.nspname = 'talkme' and a.grantee = 0
  `.execute(db);
  expect(rows).toEqual([]);
});

test("a grant on a column or a function that the page does not list is found", async () => {
  const database = await cloneDatabase();
  const db = connect(database.url);
  onTestFinished(async () => {
    await db.destroy();
    await database.drop();
  });
  const before = await withPrivileges(readFileSync(page, "utf8"), db);
  for (const [grant, finds] of [
    ["select (key) on talkme.hash_key to talkme_producer", "select of key"],
    ["execute on function talkme.retain_rows to talkme_viewer", "viewer"],
    ["usage on sequence talkme.audit_id_seq to talkme_daemon", "usage"],
    ["delete on talkme.outbox to public", "delete"],
    ["execute on function talkme.decide to public", "everybody"],
  ] as const) {
    await sql.raw(`grant ${grant}`).execute(db);
    const after = await withPrivileges(readFileSync(page, "utf8"), db);
    const added = after.split("\n").filter((line) => !before.includes(line));
    expect(added.join("\n")).toContain(finds);
    await sql.raw(`revoke ${grant.replace(/ to (?=\w+$)/, " from ")}`).execute(db);
  }
});
