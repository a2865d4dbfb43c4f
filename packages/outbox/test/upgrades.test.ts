import { createDatabase } from "@talkme/test-postgres";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { LockedSchemaError, migrate, readSchemaState } from "../src/index.ts";
import { usualPatience } from "../src/migrations/migrate.ts";
import { connect } from "./support/connect.ts";
import { describeSchema } from "./support/describe-schema.ts";
import { insertEveryStatus, migrateUpTo, migrationNames, withNext } from "./support/earlier-schema.ts";
import { oldTraffic } from "./support/old-traffic.ts";
import { openEmptyOn, servers } from "./support/servers.ts";

const impatience = { ...usualPatience, lockTimeoutMs: 400, pauseMs: 100, lockMs: 1500 };
const newest = migrationNames.at(-1) ?? "";
const allNames = withNext.map(({ name }) => name);

/** A transaction that has read the outbox, as a dump or a report does, and stays open until `end`. */
async function readAndStayOpen(
  url: string,
  application: string,
): Promise<{ readonly end: () => Promise<void> }> {
  const db = connect(`${url}?application_name=${application}`);
  const ended = Promise.withResolvers<void>();
  const hasRead = Promise.withResolvers<void>();
  const reading = db
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (transaction) => {
      await sql`select count(*) from talkme.outbox`.execute(transaction);
      hasRead.resolve();
      await ended.promise;
    });
  await hasRead.promise;
  return {
    end: async () => {
      ended.resolve();
      await reading;
      await db.destroy();
    },
  };
}

describe.each(servers)("on $server", ({ start }) => {
  let serverUrl = "";
  let stop: () => Promise<void>;
  let fresh: readonly string[] = [];

  beforeAll(async () => {
    ({ url: serverUrl, stop } = await start());
    const database = await createDatabase(serverUrl);
    const db = connect(database.url);
    await migrate(db, usualPatience, withNext);
    fresh = await describeSchema(db);
    await db.destroy();
    await database.drop();
  });
  afterAll(() => stop());

  test.each(allNames.slice(0, -1).map((name, index) => ({ name, index })))(
    "the schema after $name is brought up to date under a running daemon and loses no row",
    async ({ name, index }) => {
      const { db } = await openEmptyOn(serverUrl);
      await migrateUpTo(db, name);
      const before = await insertEveryStatus(db);

      const enough = new AbortController();
      const running = oldTraffic(db, enough.signal);
      expect(await migrate(db, usualPatience, withNext)).toEqual(allNames.slice(index + 1));
      enough.abort();
      const { errors, inserted, sent } = await running;

      expect(errors).toEqual([]);
      expect(sent).toBeGreaterThan(0);
      const { rows } = await sql<{ status: string; rows: number }>`
        select status, count(*)::integer as rows from talkme.outbox group by status
      `.execute(db);
      const counts = new Map(rows.map((row) => [row.status, row.rows]));
      for (const status of ["sending", "failed", "unknown", "expired", "cancelled"])
        expect(counts.get(status)).toBe(300);
      expect(counts.get("sent")).toBe(300 + sent);
      expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(before + inserted);
      expect(await describeSchema(db)).toEqual(fresh);
    },
  );
});

describe("a transaction that stays open", () => {
  const [usual] = servers;
  if (usual === undefined) throw new Error("There is no server.");

  test("after reading the outbox, as a dump does, delays inserts by the lock time-out at most, and is named", async () => {
    const { db, url } = await openEmptyOn((await usual.start()).url);
    await migrateUpTo(db, newest);
    await insertEveryStatus(db);
    const dump = await readAndStayOpen(url, "pg_dump");

    const enough = new AbortController();
    const running = oldTraffic(db, enough.signal);
    const failure: unknown = await migrate(db, impatience, withNext).catch((error: unknown) => error);
    enough.abort();
    const { errors, inserted, sent, longestInsertMs } = await running;

    expect(failure).toBeInstanceOf(LockedSchemaError);
    expect(failure).toMatchObject({
      code: "schema_locked",
      holders: [{ application: "pg_dump", state: "idle in transaction", pid: expect.any(Number) }],
      message: expect.stringMatching(
        new RegExp(
          `Migration 9001_column .*process [0-9]+ \\(user postgres, application pg_dump, idle in transaction, in a transaction since .* UTC\\)\\. The schema is whole, and stays at ${newest}\\.`,
        ),
      ),
    });
    expect(await readSchemaState(db, withNext)).toMatchObject({ kind: "older", reached: newest });
    expect({ errors, inserts: inserted > 0, sent: sent > 0 }).toEqual({
      errors: [],
      inserts: true,
      sent: true,
    });
    expect(longestInsertMs).toBeLessThan(1000);

    await dump.end();
    await migrate(db, impatience, withNext);
    expect(await readSchemaState(db, withNext)).toEqual({ kind: "current" });
  });

  test("delays an index without holding up anybody; then the index is given up, and the next try makes it", async () => {
    const { db, url } = await openEmptyOn((await usual.start()).url);
    await migrateUpTo(db, "9001_column");
    const report = await readAndStayOpen(url, "report");

    const enough = new AbortController();
    const running = oldTraffic(db, enough.signal);
    const failure: unknown = await migrate(db, impatience, withNext).catch((error: unknown) => error);
    enough.abort();
    const { errors, longestInsertMs } = await running;

    expect(failure).toMatchObject({ code: "schema_locked", holders: [{ application: "report" }] });
    expect(errors).toEqual([]);
    expect(longestInsertMs).toBeLessThan(1000);
    const invalid = sql`select from pg_index where indexrelid = 'talkme.outbox_initial'::regclass and not indisvalid`;
    expect((await invalid.execute(db)).rows).toHaveLength(1);

    await report.end();
    expect(await migrate(db, usualPatience, withNext)).toEqual(["9002_backfill"]);
    expect((await invalid.execute(db)).rows).toHaveLength(0);
  });
});
