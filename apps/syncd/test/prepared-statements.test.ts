import { randomUUID } from "node:crypto";

import { frequentStatements, readQueue, registerInstance, settleAndClaim } from "@talkme/outbox/daemon";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";

import { Database } from "../src/database/database.ts";
import { PgBouncer } from "./support/pgbouncer.ts";
import { Stage } from "./support/stage.ts";

const oneConnection = 1;

function open(url: string): Database {
  const database = new Database(url, () => {}, undefined, oneConnection);
  onTestFinished(() => database.close());
  return database;
}

/** Runs a daemon's statements for `count` turns. */
async function takeTurns(database: Database, count: number): Promise<void> {
  const name = randomUUID();
  await registerInstance(database.kysely, { name, version: "0", host: "test", pid: 1, leaseSeconds: 60 });
  for (let turn = 0; turn < count; turn += 1) {
    await expect(readQueue(database.kysely)).resolves.toMatchObject({ lanes: [] });
    await expect(settleAndClaim(database.kysely, name, [], [])).resolves.toMatchObject({ registered: true });
  }
}

/** The connection's prepared statements, and how often each was used. */
async function prepared({ kysely }: Database): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ statement: string; uses: number }>`
    select statement, (generic_plans + custom_plans)::integer as uses from pg_prepared_statements
  `.execute(kysely);
  return new Map(rows.map(({ statement, uses }) => [statement, uses]));
}

test("statements of every turn are parsed once a connection, and no others are kept prepared", async () => {
  const database = open((await Stage.open()).databaseUrl);
  await takeTurns(database, 3);

  // Asked after a claim that waited for a standby.
  const always = [...frequentStatements].filter((text) => !text.includes("claims_confirmed"));
  expect(await prepared(database)).toEqual(new Map(always.map((text) => [text, 3])));
});

test("a connection whose prepared statements somebody deallocated still serves every turn", async () => {
  const database = open((await Stage.open()).databaseUrl);
  await takeTurns(database, 1);
  await sql`deallocate all`.execute(database.kysely);
  await takeTurns(database, 3);

  expect(await prepared(database)).toEqual(new Map());
});

test.each(["json", "jsonb"])(
  "a migration that changes a turn's result and parameter types (%s) does not stop the running daemon",
  async (type) => {
    const stage = await Stage.open();
    const database = open(stage.databaseUrl);
    await takeTurns(database, 1);
    await stage.sql("alter function talkme.settle_and_claim rename to of_an_earlier_version");
    await stage.sql(`
    create function talkme.settle_and_claim(text, bigint, bigint, ${type}, boolean, ${type}, integer, boolean, text) returns table (kind text, more text)
    language sql as $$ select 'claimed', '' where false $$
  `);
    await takeTurns(database, 3);

    expect(await prepared(database)).toEqual(new Map());
  },
);

test("through PgBouncer in transaction mode every turn succeeds on whichever connection it gets", async (context) => {
  const stage = await Stage.open();
  const { url } = await PgBouncer.open(context, stage.databaseUrl, 2);
  const daemons = [1, 2, 3, 4].map(async () => takeTurns(open(url), 25));
  await expect(Promise.all(daemons)).resolves.toHaveLength(4);
});
