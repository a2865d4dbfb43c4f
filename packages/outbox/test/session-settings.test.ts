import { runPsql } from "@talkme/test-debian/vitest";
import { emptyDatabase } from "@talkme/test-postgres/vitest";
import { sql, type Kysely } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";

import { migrate, printPending, type OutboxDatabase } from "../src/index.ts";
import { readSqlFiles } from "../src/migrations/sql-files.ts";
import { connect } from "./support/connect.ts";
import { describeSchema } from "./support/describe-schema.ts";
import { TestOutbox } from "./support/outbox.ts";
import { openEmpty } from "./support/servers.ts";

/** An escape string, a comment, a dollar-quoted string with a tag, or a plain string. */
const token = /\bE'(?:\\.|''|[^'\\])*'|--[^\n]*|\/\*.*?\*\/|(\$\w+\$).*?\1|'(?:''|[^'])*'/gis;

/** Plain strings with a backslash: their meaning depends on standard_conforming_strings. */
function ambiguousStrings(text: string): readonly string[] {
  return (text.match(token) ?? []).filter((one) => one.startsWith("'") && one.includes("\\"));
}

describe("no string depends on standard_conforming_strings", () => {
  test("the search finds one anywhere, and nothing else", () => {
    const text = String.raw`select E'\\d', $re$ '\d' $re$, 'it''s' -- '\d'
      ; do $$ begin perform 'a' ~ '\d'; end $$;`;
    expect(ambiguousStrings(text)).toEqual([String.raw`'\d'`]);
  });

  test("in the migrations, the schema's functions, and a capture's functions", async () => {
    const outbox = await TestOutbox.open();
    await outbox.ask('create table orders (id bigint primary key, phone text, "a\\\\b" text)');
    await outbox.ask(
      String.raw`select talkme.capture('orders', E'phone ~ ''^\\d''', '{"numero_dest": "phone", "id_campanha": 1, "txtmsg": {"value": "a\\b"}}', name => 'one')`,
    );
    const { rows } = await sql<{ place: string; text: string }>`
      select oid::regprocedure::text as place, prosrc as text from pg_proc
      where (pronamespace = 'talkme'::regnamespace or proname ~ '^talkme_capture') and prosqlbody is null
      union all
      select 'trigger ' || tgname, pg_get_triggerdef(oid) from pg_trigger
      union all
      select 'constraint ' || conname, pg_get_constraintdef(oid) from pg_constraint
      union all
      select 'index ' || indexrelid::regclass, pg_get_indexdef(indexrelid) from pg_index
      union all
      select 'default', pg_get_expr(adbin, adrelid) from pg_attrdef
      union all
      select 'view ' || viewname, definition from pg_views where schemaname = 'talkme'
      union all
      select 'policy ' || policyname, concat(qual, with_check) from pg_policies
    `.execute(outbox.db);
    const files = (await readSqlFiles()).map(({ name, text }) => ({ place: name, text }));
    const found = [...files, ...rows].flatMap(({ place, text }) =>
      ambiguousStrings(text).map((one) => `${place}: ${one}`),
    );
    expect(found).toEqual([]);
  });
});

/** Functions, operators and casts that a session with this search_path finds before PostgreSQL's own. */
const evil = `
  create schema evil;
  create function evil.wrong(anyelement, anyelement) returns boolean language sql as 'select false';
  create function evil.wrong(text, text) returns boolean language sql as 'select false';
  create operator evil.= (leftarg = text, rightarg = text, function = evil.wrong);
  create operator evil.~ (leftarg = text, rightarg = text, function = evil.wrong);
  create operator evil.!~ (leftarg = text, rightarg = text, function = evil.wrong);
  create function evil.glue(text, text) returns text language sql as 'select ''evil''';
  create operator evil.|| (leftarg = text, rightarg = text, function = evil.glue);
  create function evil.now() returns timestamptz language sql as 'select timestamptz ''epoch''';
  create function evil.lower(text) returns text language sql as 'select ''evil''';
  create function evil.length(text) returns integer language sql as 'select 0';
  create function evil.greatest(timestamptz, timestamptz) returns timestamptz language sql as 'select null::timestamptz';
  create function evil.num_nulls(variadic "any") returns integer language internal as 'pg_num_nulls';
  create table evil.pg_roles (rolname text);
`;

async function openHostile(): Promise<{ readonly url: string; readonly db: Kysely<OutboxDatabase> }> {
  const database = await emptyDatabase();
  const owner = connect(database.url);
  await sql.raw(evil).execute(owner);
  await sql.raw(`alter database ${database.name} set search_path = evil, pg_catalog, public`).execute(owner);
  await sql.raw(`alter database ${database.name} set standard_conforming_strings = off`).execute(owner);
  await owner.destroy();
  const db = connect(database.url);
  onTestFinished(async () => {
    await db.destroy();
    await database.drop();
  });
  return { url: database.url, db };
}

async function openUsual(): Promise<Kysely<OutboxDatabase>> {
  const { db } = await openEmpty();
  await migrate(db);
  return db;
}

async function schemaSeenAsUsual(db: Kysely<OutboxDatabase>): Promise<readonly string[]> {
  return db.connection().execute(async (connection) => {
    await sql`set search_path = public; set standard_conforming_strings = on`.execute(connection);
    return describeSchema(connection);
  });
}

describe("with the session's own functions, operators and tables before PostgreSQL's, and backslashes as escapes,", () => {
  test("migrate makes the same schema, with PostgreSQL's functions in checks and defaults", async () => {
    const expected = await schemaSeenAsUsual(await openUsual());
    const { db } = await openHostile();
    await migrate(db);
    expect(await schemaSeenAsUsual(db)).toEqual(expected);
  });

  test("the printed script makes the same schema", async (context) => {
    const expected = await schemaSeenAsUsual(await openUsual());
    const { db, url } = await openHostile();
    expect(await runPsql(context, url, await printPending(db))).toMatchObject({ code: 0, err: "" });
    expect(await schemaSeenAsUsual(db)).toEqual(expected);
  });

  test("an insert is checked, named and explained as always", async () => {
    const { db } = await openHostile();
    await migrate(db);
    await sql`insert into talkme.outbox (numero_dest, id_campanha) values ('(11) 8888-7777', 1)`.execute(db);
    const { rows } = await sql`
      select lane, recipient, created_at > timestamptz 'epoch' + interval '1 day' as "createdNow", talkme.explain(id) as why
      from talkme.outbox`.execute(db);
    expect(rows).toEqual([
      {
        lane: "default/1/-",
        recipient: "5511988887777",
        createdNow: true,
        why: expect.stringMatching(/^Row 1 is pending/),
      },
    ]);
    await expect(
      sql`insert into talkme.outbox (numero_dest, id_campanha) values ('11 x', 1)`.execute(db),
    ).rejects.toMatchObject({ constraint: "outbox_numero_dest_format" });
  });

  test("a row's recipient is its number's, also where the session's patterns match everything", async () => {
    const { db } = await openHostile();
    await migrate(db);
    await sql
      .raw(
        `create function evil.right(text, text) returns boolean language sql as 'select true';
         drop operator evil.~ (text, text);
         create operator evil.~ (leftarg = text, rightarg = text, function = evil.right);
         create operator evil.~~ (leftarg = text, rightarg = text, function = evil.right)`,
      )
      .execute(db);
    const { rows } = await sql<{ recipient: string }>`
      insert into talkme.outbox (numero_dest, id_campanha)
      select numero, 1 from unnest(${["11988887777", "(11) 8888-7777", "2098888777"]}::text[]) as numero
      returning recipient`.execute(db);
    expect(rows.map(({ recipient }) => recipient)).toEqual(["5511988887777", "5511988887777", "?2098888777"]);
  });
});
