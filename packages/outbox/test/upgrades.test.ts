import { setTimeout as sleep } from "node:timers/promises";

import { createDatabase } from "@talkme/test-postgres";
import { sql, type Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { registerInstance, type ClaimedRow } from "../src/daemon.ts";
import { LockedSchemaError, migrate, readSchemaState, type OutboxDatabase } from "../src/index.ts";
import { usualPatience } from "../src/migrations/migrate.ts";
import { settleAndClaimAsOf0004 } from "./earlier-daemon/settle-and-claim-as-of-0004.ts";
import { connect } from "./support/connect.ts";
import { describeSchema } from "./support/describe-schema.ts";
import { insertEveryStatus, migrateUpTo, migrationNames } from "./support/earlier-schema.ts";
import { settlementOf, wishFor } from "./support/outbox.ts";
import { openEmptyOn, servers } from "./support/servers.ts";

const impatience = { ...usualPatience, lockTimeoutMs: 400, pauseMs: 100, lockMs: 1500 };

/** What a daemon of the schema 0004 and a producer do all the time, until `stop` says so; errors that they would not survive count. */
async function traffic(db: Kysely<OutboxDatabase>, stop: AbortSignal, hasCircuits: boolean) {
  const errors: unknown[] = [];
  let longestInsertMs = 0;
  let inserted = 0;
  let sent = 0;
  const until = async (work: () => Promise<void>): Promise<void> => {
    while (!stop.aborted) {
      await work().catch((error: unknown) => errors.push(error));
      await sleep(1);
    }
  };
  const produce = async (): Promise<void> => {
    const startedAt = performance.now();
    await sql`insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1)`.execute(db);
    longestInsertMs = Math.max(longestInsertMs, performance.now() - startedAt);
    inserted += 1;
  };
  let held: readonly ClaimedRow[] = [];
  const send = async (): Promise<void> => {
    const settlements = held.map((row) => settlementOf(row, "old"));
    const result = await settleAndClaimAsOf0004(db, "old", settlements, [wishFor({ limit: 5 })]);
    expect(result.stale).toEqual([]);
    sent += held.length - result.locked.length;
    held = [...result.claimed, ...held.filter(({ id }) => result.locked.includes(id))];
  };
  if (hasCircuits) {
    await registerInstance(db, { name: "old", version: "0", host: "test", pid: 1, leaseSeconds: 60 });
  }
  await Promise.all([until(produce), hasCircuits ? until(send) : "the statement is younger"]);
  while (held.length > 0) {
    const result = await settleAndClaimAsOf0004(
      db,
      "old",
      held.map((row) => settlementOf(row, "old")),
      [],
    );
    sent += held.length - result.locked.length;
    held = held.filter(({ id }) => result.locked.includes(id));
  }
  return { errors, inserted, sent, longestInsertMs };
}

describe.each(servers)("on $server", ({ start }) => {
  let serverUrl = "";
  let stop: () => Promise<void>;
  let fresh: readonly string[] = [];

  beforeAll(async () => {
    ({ url: serverUrl, stop } = await start());
    const database = await createDatabase(serverUrl);
    const db = connect(database.url);
    await migrate(db);
    fresh = await describeSchema(db);
    await db.destroy();
    await database.drop();
  });
  afterAll(() => stop());

  test.each(migrationNames.slice(0, -1).map((name, index) => ({ name, index })))(
    "the schema after $name is brought up to date under a running daemon, and loses no row",
    async ({ name, index }) => {
      const { db } = await openEmptyOn(serverUrl);
      // As daemons leave them, around the triggers: the last migration that cares for such rows comes after 0013.
      if (name > "0013_roles") await migrateUpTo(db, "0013_roles");
      else await migrateUpTo(db, name);
      const before = await insertEveryStatus(db);
      if (name > "0013_roles") await migrateUpTo(db, name);

      const enough = new AbortController();
      const running = traffic(db, enough.signal, index >= 3);
      expect(await migrate(db)).toEqual(migrationNames.slice(index + 1));
      enough.abort();
      const { errors, inserted, sent } = await running;

      expect(errors).toEqual([]);
      expect(sent > 0).toBe(index >= 3);
      const { rows } = await sql<{ status: string; rows: number }>`
        select status, count(*)::integer as rows from talkme.outbox group by status
      `.execute(db);
      const counts = new Map(rows.map((row) => [row.status, row.rows]));
      for (const status of ["sending", "failed", "unknown", "expired", "cancelled"])
        expect(counts.get(status)).toBe(300);
      expect(counts.get("sent")).toBe(300 + sent);
      expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(before + inserted);
      const { rows: unnamed } = await sql`
        select id from talkme.outbox where recipient is distinct from talkme.recipient_key(numero_dest, email_dest)
      `.execute(db);
      expect(unnamed).toEqual([]);
      expect(await describeSchema(db)).toEqual(fresh);
    },
  );
});

describe("a transaction that stays open", () => {
  const [usual] = servers;
  if (usual === undefined) throw new Error("There is no server.");

  test("and has read the outbox, as a dump has, delays inserts by the lock's time-out at most, and is named", async () => {
    const { db, url } = await openEmptyOn((await usual.start()).url);
    await migrateUpTo(db, "0005_audit");
    await insertEveryStatus(db);
    const other = connect(`${url}?application_name=pg_dump`);
    const ended = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const dump = other.transaction().execute(async (transaction) => {
      await sql`select count(*) from talkme.outbox`.execute(transaction);
      locked.resolve();
      await ended.promise;
    });
    await locked.promise;

    const enough = new AbortController();
    const running = traffic(db, enough.signal, true);
    const failure: unknown = await migrate(db, impatience).catch((error: unknown) => error);
    enough.abort();
    const { errors, inserted, sent, longestInsertMs } = await running;

    expect(failure).toBeInstanceOf(LockedSchemaError);
    expect(failure).toMatchObject({
      code: "schema_locked",
      holders: [{ application: "pg_dump", state: "idle in transaction", pid: expect.any(Number) }],
      message: expect.stringMatching(
        /Migration 0006_recipient .*process \d+ \(user postgres, application pg_dump, idle in transaction, in a transaction since .* UTC\)\. The schema is at 0005_audit/,
      ),
    });
    expect(await readSchemaState(db)).toMatchObject({ kind: "older", reached: "0005_audit" });
    expect({ errors, inserts: inserted > 0, sent: sent > 0 }).toEqual({
      errors: [],
      inserts: true,
      sent: true,
    });
    expect(longestInsertMs).toBeLessThan(1000);

    ended.resolve();
    await dump;
    await other.destroy();
    await migrate(db, impatience);
    expect(await readSchemaState(db)).toEqual({ kind: "current" });
  });

  test("is waited for by an index without holding up anybody; then the index is given up, and made by the next try", async () => {
    const { db, url } = await openEmptyOn((await usual.start()).url);
    await migrateUpTo(db, "0013_roles");
    const other = connect(`${url}?application_name=report`);
    const ended = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const report = other
      .transaction()
      .setIsolationLevel("repeatable read")
      .execute(async (transaction) => {
        await sql`select count(*) from talkme.outbox`.execute(transaction);
        locked.resolve();
        await ended.promise;
      });
    await locked.promise;

    const enough = new AbortController();
    const running = traffic(db, enough.signal, true);
    const failure: unknown = await migrate(db, impatience).catch((error: unknown) => error);
    enough.abort();
    const { errors, longestInsertMs } = await running;

    expect(failure).toMatchObject({ code: "schema_locked", holders: [{ application: "report" }] });
    expect(errors).toEqual([]);
    expect(longestInsertMs).toBeLessThan(1000);
    const invalid = sql`select from pg_index where indexrelid = 'talkme.outbox_recipient'::regclass and not indisvalid`;
    expect((await invalid.execute(db)).rows).toHaveLength(1);

    ended.resolve();
    await report;
    await other.destroy();
    expect(await migrate(db)).toEqual([
      "0015_index_recipient",
      "0016_index_finished",
      "0017_index_held",
      "0020_hot_path",
      "0026_check",
      "0027_nothing_for_public",
    ]);
    expect((await invalid.execute(db)).rows).toHaveLength(0);
  });
});
