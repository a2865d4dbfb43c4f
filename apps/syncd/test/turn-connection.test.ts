import { CompiledQuery } from "kysely";
import { expect, onTestFinished, test } from "vitest";

import { Database } from "../src/database/database.ts";
import { Stage } from "./support/stage.ts";

interface Opened {
  readonly database: Database;
  readonly idleErrors: Error[];
}

function open(url: string): Opened {
  const idleErrors: Error[] = [];
  const deadlines = { connectMs: 5000, statementMs: 300 };
  const database = new Database(url, (error) => idleErrors.push(error), deadlines);
  onTestFinished(async () => database.close());
  return { database, idleErrors };
}

async function backend({ turnConnection }: Database, wait = 0): Promise<number> {
  const query = CompiledQuery.raw("select pg_backend_pid() as pid, pg_sleep($1)", [wait]);
  const { rows } = await turnConnection.executeQuery<{ pid: number }>(query);
  return rows[0]?.pid ?? 0;
}

test("successive turns use one connection, which is idle between them", async () => {
  const { database } = open((await Stage.open()).databaseUrl);
  const first = await backend(database);
  expect(first).toBeGreaterThan(0);
  expect(await backend(database)).toBe(first);
  expect(database.pool).toMatchObject({ idle: 1, used: 0 });
});

test("two concurrent statements have a connection each, and one goes back to the pool", async () => {
  const { database } = open((await Stage.open()).databaseUrl);
  const [one, other] = await Promise.all([backend(database, 0.05), backend(database, 0.05)]);
  expect(one).not.toBe(other);
  expect(database.pool).toMatchObject({ idle: 2, used: 0 });
});

test("a statement that begins while the turn connection is in use leaves no connection behind", async () => {
  const { database } = open((await Stage.open()).databaseUrl);
  const kept = await backend(database);
  const [one, other] = await Promise.all([backend(database, 0.05), backend(database)]);
  expect(one).toBe(kept);
  expect(other).not.toBe(kept);
  expect(database.pool).toMatchObject({ idle: 2, used: 0 });
});

test("a connection is reused after a lock time-out", async () => {
  const { database } = open((await Stage.open()).databaseUrl);
  const first = await backend(database);
  const refused = CompiledQuery.raw("do $$ begin raise sqlstate '55P03'; end $$");
  await expect(database.turnConnection.executeQuery(refused)).rejects.toThrow("55P03");
  expect(await backend(database)).toBe(first);
});

test("a connection lost between two turns is reported and replaced, and no turn fails", async () => {
  const stage = await Stage.open();
  const { database, idleErrors } = open(stage.databaseUrl);
  const lost = await backend(database);
  await stage.sql(`select pg_terminate_backend(${lost})`);
  await expect.poll(() => idleErrors).toHaveLength(1);
  expect(await backend(database)).not.toBe(lost);
});

test("a connection is not reused after a statement on it was given up", async () => {
  const { database } = open((await Stage.open()).databaseUrl);
  const first = await backend(database);
  await expect(backend(database, 5)).rejects.toThrow("timeout");
  expect(await backend(database)).not.toBe(first);
});

test("a connection is reused after the server refuses a statement", async () => {
  const { database } = open((await Stage.open()).databaseUrl);
  const first = await backend(database);
  await expect(database.turnConnection.executeQuery(CompiledQuery.raw("select 1 / 0"))).rejects.toThrow(
    "division",
  );
  expect(await backend(database)).toBe(first);
});

test("after all connections are given up, a turn gets a new one, and the server has dropped the old one", async () => {
  const stage = await Stage.open();
  const { database, idleErrors } = open(stage.databaseUrl);
  const first = await backend(database);
  database.replace();
  expect(await backend(database)).not.toBe(first);
  await expect.poll(() => stage.sql(`select pid from pg_stat_activity where pid = ${first}`)).toEqual([]);
  expect(idleErrors).toEqual([]);
});
