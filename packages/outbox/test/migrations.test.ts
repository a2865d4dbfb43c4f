import { emptyDatabase } from "@talkme/test-postgres/vitest";
import { sql, type Kysely } from "kysely";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import {
  migrate,
  NewerSchemaError,
  printPending,
  readSchemaState,
  type OutboxDatabase,
} from "../src/index.ts";
import { connect } from "./support/connect.ts";

async function openEmpty(): Promise<{ readonly url: string; readonly db: Kysely<OutboxDatabase> }> {
  const database = await emptyDatabase();
  const db = connect(database.url);
  onTestFinished(async () => {
    await db.destroy();
    await database.drop();
  });
  return { url: database.url, db };
}

/** Everything in the schema talkme that the catalogs can tell of, in a comparable form. */
async function describeSchema(db: Kysely<OutboxDatabase>): Promise<unknown> {
  const { rows } = await sql<{ object: string }>`
    select format('%s.%s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
      pg_get_expr(d.adbin, d.adrelid)) as object
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'talkme'::regnamespace
    union all select pg_get_constraintdef(oid) || conname from pg_constraint where connamespace = 'talkme'::regnamespace
    union all select indexdef from pg_indexes where schemaname = 'talkme'
    union all select pg_get_functiondef(oid) from pg_proc where pronamespace = 'talkme'::regnamespace
    union all select pg_get_triggerdef(oid) from pg_trigger where tgrelid = 'talkme.outbox'::regclass and not tgisinternal
    union all select name from talkme.migration
    order by 1
  `.execute(db);
  return rows.map(({ object }) => object);
}

test("a database without the schema is told from one that is up to date", async () => {
  const { db } = await openEmpty();

  expect((await readSchemaState(db)).kind).toBe("absent");
  expect(await migrate(db)).not.toEqual([]);
  expect(await readSchemaState(db)).toEqual({ kind: "current" });
  expect(await migrate(db)).toEqual([]);
});

test("a schema that lacks migrations is older, and is brought up to date with its rows", async () => {
  const { db } = await openEmpty();
  const first = await readSchemaState(db);
  if (first.kind !== "absent") throw new Error("The database is not empty.");
  await sql`create schema talkme`.execute(db);
  await sql`create table talkme.migration (name varchar(255) primary key, timestamp varchar(255) not null)`.execute(
    db,
  );
  await sql.raw(first.pending[0]?.text ?? "").execute(db);
  await sql`insert into talkme.migration values (${first.pending[0]?.name}, now()::text)`.execute(db);
  await sql`insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1)`.execute(db);

  expect(await readSchemaState(db)).toMatchObject({ kind: "older" });
  expect(await migrate(db)).toEqual(first.pending.slice(1).map(({ name }) => name));
  const { rows } = await sql`select id from talkme.outbox where status = 'pending'`.execute(db);
  expect(rows).toHaveLength(1);
});

test("a schema of a later version is refused and left as it is", async () => {
  const { db } = await openEmpty();
  await migrate(db);
  await sql`insert into talkme.migration values ('9999_future', now()::text)`.execute(db);

  expect(await readSchemaState(db)).toEqual({ kind: "newer", unknown: ["9999_future"] });
  await expect(migrate(db)).rejects.toThrow(NewerSchemaError);
  await expect(printPending(db)).rejects.toThrow("9999_future");
});

test("the printed script leaves the database exactly as migrate does", async () => {
  const printed = await openEmpty();
  const migrated = await openEmpty();
  await migrate(migrated.db);

  const script = await printPending(printed.db);
  const client = new Client({ connectionString: printed.url });
  await client.connect();
  await client.query(script.replace("\\set ON_ERROR_STOP on", ""));
  await client.end();

  expect(await describeSchema(printed.db)).toEqual(await describeSchema(migrated.db));
  expect(await migrate(printed.db)).toEqual([]);
});

test("several programs may migrate at the same time", async () => {
  const { db } = await openEmpty();

  const applied = await Promise.all([migrate(db), migrate(db), migrate(db)]);

  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  expect(await readSchemaState(db)).toEqual({ kind: "current" });
});

test("a migration that fails changes nothing and says which it was", async () => {
  const { db } = await openEmpty();
  await sql`create schema talkme`.execute(db);
  await sql`create table talkme.outbox (id bigint)`.execute(db);

  await expect(migrate(db)).rejects.toThrow("Migration failed at 0001_outbox");
  const { rows } = await sql`select from pg_class where relname = 'attempt'`.execute(db);
  expect(rows).toHaveLength(0);
});

test("every table, column and function is explained to a DBA", async () => {
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
