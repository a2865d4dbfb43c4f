import { runPsql } from "@talkme/test-debian/vitest";
import { memberUrl } from "@talkme/test-postgres";
import { sql } from "kysely";

import { describe, expect, onTestFinished, test } from "vitest";

import { migrate, NewerSchemaError, printPending, readSchemaState } from "../src/index.ts";
import { usualPatience } from "../src/migrations/migrate.ts";
import { migrationLockKey } from "../src/migrations/migration-lock.ts";
import { connect } from "./support/connect.ts";
import { describeSchema } from "./support/describe-schema.ts";
import { migrateUpTo, migrationNames, withNext } from "./support/earlier-schema.ts";
import { openEmpty } from "./support/servers.ts";

const [baseline = ""] = migrationNames;
const newest = migrationNames.at(-1) ?? "";

test("a database without the schema is distinguished from an up-to-date one", async () => {
  const { db } = await openEmpty();

  expect((await readSchemaState(db)).kind).toBe("absent");
  expect(await migrate(db)).not.toEqual([]);
  expect(await readSchemaState(db)).toEqual({ kind: "current" });
  expect(await migrate(db)).toEqual([]);
});

test("an older schema is brought up to date and keeps its rows", async () => {
  const { db } = await openEmpty();
  await migrateUpTo(db, newest);
  await sql`insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1)`.execute(db);

  expect(await readSchemaState(db, withNext)).toMatchObject({ kind: "older", reached: newest });
  expect(await migrate(db, usualPatience, withNext)).toEqual(["9001_column", "9002_backfill"]);
  const { rows } = await sql`select id from talkme.outbox where status = 'pending'`.execute(db);
  expect(rows).toHaveLength(1);
});

test("a schema of a later version is refused and left unchanged", async () => {
  const { db } = await openEmpty();
  await migrate(db);
  await sql`insert into talkme.migration values ('9999_future', now()::text)`.execute(db);

  expect(await readSchemaState(db)).toEqual({ kind: "newer", unknown: ["9999_future"] });
  await expect(migrate(db)).rejects.toThrow(NewerSchemaError);
  await expect(printPending(db)).rejects.toThrow("9999_future");
});

describe("the printed script", () => {
  test("declares its encoding first: UTF-8, whatever the client's", async () => {
    const { db } = await openEmpty();
    const first = (await printPending(db)).split("\n").find((line) => /^[a-z]/.test(line));
    expect(first).toBe("set client_encoding = 'UTF8';");
  });

  test("leaves the database exactly as migrate does, and can be run again", async (context) => {
    const printed = await openEmpty();
    const migrated = await openEmpty();
    await migrate(migrated.db, usualPatience, withNext);

    const script = await printPending(printed.db, withNext);
    for (let run = 0; run < 2; run += 1)
      expect(await runPsql(context, printed.url, script)).toMatchObject({ code: 0, err: "" });

    expect(await describeSchema(printed.db)).toEqual(await describeSchema(migrated.db));
    expect(await migrate(printed.db, usualPatience, withNext)).toEqual([]);
  });

  test("stops at the first error and resumes where it stopped", async (context) => {
    const { db, url } = await openEmpty();
    await migrateUpTo(db, newest);
    const script = await printPending(db, withNext);
    await sql`alter table talkme.outbox add column initial integer`.execute(db);

    const failed = await runPsql(context, url, script);
    expect(failed).toMatchObject({
      code: 3,
      err: expect.stringContaining('"initial" of relation "outbox" already exists'),
    });
    expect(await readSchemaState(db, withNext)).toMatchObject({ reached: newest });

    await sql`alter table talkme.outbox drop column initial`.execute(db);
    await migrateUpTo(db, "9001_column");
    expect(await runPsql(context, url, script)).toMatchObject({ code: 0, err: "" });
    expect(await readSchemaState(db, withNext)).toEqual({ kind: "current" });
  });

  test("does nothing while a program migrates", async (context) => {
    const { db, url } = await openEmpty();
    await migrateUpTo(db, newest);
    const script = await printPending(db, withNext);
    await db.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(${sql.raw(migrationLockKey)})`.execute(transaction);
      const { code, err } = await runPsql(context, url, script);
      expect({ code, err }).toEqual({
        code: 3,
        err: expect.stringContaining("canceling statement due to lock timeout"),
      });
    });
    expect(await readSchemaState(db, withNext)).toMatchObject({ reached: newest });
  });
});

test("several programs may migrate concurrently", async () => {
  const { db } = await openEmpty();

  const applied = await Promise.all([migrate(db), migrate(db), migrate(db)]);

  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  expect(await readSchemaState(db)).toEqual({ kind: "current" });
});

test("a failing migration is named and leaves the schema at the one before", async () => {
  const { db } = await openEmpty();
  await sql`create schema talkme`.execute(db);
  await sql`create table talkme.outbox (id bigint)`.execute(db);

  await expect(migrate(db)).rejects.toThrow(`Migration failed at ${baseline}. Nothing was changed.`);
  const { rows } = await sql`select from pg_class where relname = 'attempt'`.execute(db);
  expect(rows).toHaveLength(0);

  await sql`drop table talkme.outbox`.execute(db);
  await migrateUpTo(db, newest);
  await sql`alter table talkme.outbox add column initial integer`.execute(db);
  await expect(migrate(db, usualPatience, withNext)).rejects.toThrow(
    `Migration failed at 9001_column. The schema is whole, and stays at ${newest}.`,
  );
  await sql`alter table talkme.outbox drop column initial`.execute(db);
  await migrate(db, usualPatience, withNext);
  expect(await readSchemaState(db, withNext)).toEqual({ kind: "current" });
});

test("a login that may not create schemas is told who migrates", async () => {
  const { url } = await openEmpty();
  const db = connect(await memberUrl(url, "talkme_viewer"));
  onTestFinished(() => db.destroy());

  await expect(migrate(db)).rejects.toThrow(
    /permission denied for database .*CREATEROLE.*syncd migrate --print/,
  );
});

test("every table, column and function has a comment", async () => {
  const { db } = await openEmpty();
  await migrate(db);

  const { rows } = await sql<{ silent: string }>`
    select format('column %s.%s', c.relname, a.attname) as silent
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'talkme'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition
      and c.relname not in ('migration', 'migration_lock') and col_description(c.oid, a.attnum) is null
    union all
    select format('function %s', proname) from pg_proc
    where pronamespace = 'talkme'::regnamespace and obj_description(oid, 'pg_proc') is null
  `.execute(db);
  expect(rows).toEqual([]);
});
