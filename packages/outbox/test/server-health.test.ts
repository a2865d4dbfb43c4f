import { memberUrl } from "@talkme/test-postgres";
import { sql } from "kysely";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import {
  countInstances,
  createAttemptPartitions,
  readOldestSnapshot,
  readTableHealth,
  registerInstance,
} from "../src/daemon.ts";
import { connect } from "./support/connect.ts";
import { TestOutbox } from "./support/outbox.ts";

/** Somebody else's session with an open transaction. */
async function openTransaction(outbox: TestOutbox, name: string, first: string): Promise<Client> {
  const client = new Client({ connectionString: outbox.url, application_name: name });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query("begin isolation level repeatable read");
  await client.query(first);
  return client;
}

test("the session that has kept a snapshot open longest is found until it releases it", async () => {
  const outbox = await TestOutbox.open();
  const dump = await openTransaction(outbox, "pg_dump", "select from talkme.outbox");
  await outbox.insertDue(1);
  await openTransaction(outbox, "report", "select from talkme.outbox");
  await outbox.insertDue(1);

  const { rows } = await dump.query("select pg_backend_pid() as pid");
  const holder = await readOldestSnapshot(outbox.db);
  expect(holder).toMatchObject({ kind: "session", application: "pg_dump", pid: rows[0].pid });
  expect(holder?.ageTransactions).toBeGreaterThanOrEqual(2);
  expect(holder?.openSeconds).toBeGreaterThan(0);

  await dump.query("commit");
  expect(await readOldestSnapshot(outbox.db)).toMatchObject({ application: "report" });
});

test("a session that moves to a newer snapshot is distinguished from one that keeps its old one open", async () => {
  const outbox = await TestOutbox.open();
  const report = await openTransaction(outbox, "report", "select from talkme.outbox");
  const xmin = async () => (await readOldestSnapshot(outbox.db))?.xmin;
  const first = await xmin();
  await outbox.insertDue(1);
  expect(await xmin()).toBe(first);

  // A new snapshot begins at the oldest transaction of the whole server, which may be another test's.
  await expect
    .poll(async () => {
      await report.query("commit and chain");
      await report.query("select from talkme.outbox");
      return Number(await xmin());
    })
    .toBeGreaterThan(Number(first));
});

test("a transaction that wrote and never committed is found as well", async () => {
  const outbox = await TestOutbox.open();
  const client = new Client({ connectionString: outbox.url, application_name: "forgotten" });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query("begin");
  await client.query("create temp table something (id integer)");
  await outbox.insertDue(1);
  expect(await readOldestSnapshot(outbox.db)).toMatchObject({ application: "forgotten" });
});

test("syncd's login sees the session, and as a member of pg_read_all_stats also since when", async () => {
  const outbox = await TestOutbox.open();
  await openTransaction(outbox, "pg_dump", "select from talkme.outbox");
  await outbox.insertDue(1);
  const found = { kind: "session", application: "pg_dump" };
  expect(await readOldestSnapshot(outbox.daemon)).toMatchObject({ ...found, openSeconds: null });

  const login = "test_daemon_with_stats";
  const seeing = connect(await memberUrl(outbox.url, "talkme_daemon", login));
  onTestFinished(() => seeing.destroy());
  await outbox.ask(`grant pg_read_all_stats to ${login}`);
  expect(await readOldestSnapshot(seeing)).toMatchObject({ ...found, openSeconds: expect.any(Number) });
});

test("a role without privileges sees the session, but not since when", async () => {
  const outbox = await TestOutbox.open();
  await openTransaction(outbox, "pg_dump", "select from talkme.outbox");
  await outbox.insertDue(1);

  const seen = await outbox.db.connection().execute(async (db) => {
    await sql`create role health_reader`.execute(db);
    await sql`set role health_reader`.execute(db);
    try {
      return { holder: await readOldestSnapshot(db), tables: await readTableHealth(db) };
    } finally {
      await sql`reset role`.execute(db);
      await sql`drop role health_reader`.execute(db);
    }
  });
  expect(seen.holder).toMatchObject({ application: "pg_dump", openSeconds: null });
  expect(seen.holder?.pid).toBeGreaterThan(0);
  expect(seen.tables.map(({ table }) => table)).toContain("outbox");
});

test("each table's size and vacuums are reported, with its partitions as one", async () => {
  const outbox = await TestOutbox.open();
  await createAttemptPartitions(outbox.daemon, 3);
  await outbox.insertDue(50);
  await sql`update talkme.outbox set priority = 1`.execute(outbox.db);
  await sql`vacuum analyze talkme.outbox`.execute(outbox.db);

  const read = async () => new Map((await readTableHealth(outbox.daemon)).map((one) => [one.table, one]));
  const tables = await read();
  expect([...tables.keys()]).toEqual(expect.arrayContaining(["attempt", "instance", "outbox", "pace"]));
  expect([...tables.keys()].filter((name) => name.startsWith("attempt"))).toEqual(["attempt"]);
  expect(tables.get("outbox")?.bytes).toBeGreaterThan(0);
  await expect
    .poll(async () => (await read()).get("outbox")?.vacuumedAtSeconds)
    .toBeGreaterThan(Date.now() / 1000 - 60);
  expect(tables.get("instance")?.vacuumedAtSeconds).toBe(0);
});

test("instances are counted by whether they were heard from within their lease", async () => {
  const outbox = await TestOutbox.open();
  for (const name of ["a", "b", "c"]) {
    await registerInstance(outbox.daemon, { name, version: "1", host: "h", pid: 1, leaseSeconds: 30 });
  }
  await sql`update talkme.instance set heartbeat_at = now() - interval '31 s' where name = 'c'`.execute(
    outbox.db,
  );
  expect(await countInstances(outbox.daemon)).toEqual({ alive: 2, silent: 1 });
});
