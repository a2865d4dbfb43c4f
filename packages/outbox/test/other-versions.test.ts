import { installedVersions, memberUrl, startEmbeddedServer } from "@talkme/test-postgres";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";

import {
  applyRetention,
  configureAccount,
  countInstances,
  countRows,
  createAttemptPartitions,
  expireOverdue,
  listFailures,
  listInstances,
  listMissingPrivileges,
  nextTurn,
  readCircuits,
  reclaim,
  readOldestSnapshot,
  readQueue,
  readTableHealth,
  registerInstance,
  rescueFromDeadInstances,
  reserveSlots,
  saveCircuit,
  saveLaneAnswers,
  sendHeartbeat,
  settleAndClaim,
} from "../src/daemon.ts";
import { enqueue, migrate } from "../src/index.ts";
import { connect } from "./support/connect.ts";
import { ExplainedSession } from "./support/explained-session.ts";
import { settlementOf, wishFor } from "./support/outbox.ts";

// Besides the embedded version, whatever the system has: a new machine may have none.
test.each(installedVersions())("every statement works on PostgreSQL $version", async ({ folder }) => {
  const server = await startEmbeddedServer({ binariesFolder: folder, inMemory: true });
  const owner = connect(server.url);
  await migrate(owner);
  const db = connect(await memberUrl(server.url, "talkme_daemon"));
  onTestFinished(async () => {
    await Promise.all([owner.destroy(), db.destroy()]);
    await server.remove();
  });

  await registerInstance(db, { name: "a", version: "0", host: "test", pid: 1, leaseSeconds: 30 });
  for (let i = 0; i < 3; i += 1)
    await enqueue(owner, { idCampanha: 1, numeroDest: "11988887777", infoContato: { nome: "a" } });
  const { lanes } = await readQueue(db);
  expect(lanes).toMatchObject([{ lane: "default/1/-", priority: 0 }]);

  const wish = wishFor({ limit: 2 });
  const { claimed } = await settleAndClaim(db, "a", [], [wish]);
  expect(claimed).toHaveLength(2);
  const [first, second] = claimed;
  if (first === undefined || second === undefined) throw new Error("Too few rows.");
  const settlements = [settlementOf(first, "a"), settlementOf(second, "a", { status: "unknown" })];
  expect(await settleAndClaim(db, "a", settlements, [wish])).toMatchObject({ stale: [], locked: [] });

  const circuit = {
    account: "default",
    credential: "",
    reportedBy: null,
    expectedVersion: 0,
    alarm: true,
    notFounds: 1,
    troubles: 0,
    kind: "throttled",
    halfOpenInMs: 60_000,
    slowdown: 1,
    throttledAgoMs: 0,
    trialBy: "a",
  } as const;
  expect(await saveCircuit(db, circuit)).toEqual({ version: 1, alarms: 1 });
  expect(await readCircuits(db)).toMatchObject([{ account: "default", version: 1, trialAlive: true }]);
  expect((await settleAndClaim(db, "a", [], [wish])).refusedAccounts).toEqual(["default"]);
  await sql`delete from talkme.circuit`.execute(owner);
  await saveLaneAnswers(db, [{ lane: "default/1/-", account: "default", notFounds: 0, quietForMs: 0 }]);
  expect(
    await reserveSlots(db, [{ scope: "account:default", ratePerSecond: 10, count: 2 }], 100),
  ).toHaveLength(1);

  expect(await sendHeartbeat(db, "a")).not.toBeNull();
  expect(await listInstances(db)).toMatchObject([{ name: "a", inFlight: 1 }]);
  expect(await listMissingPrivileges(db)).toEqual([]);
  expect(await createAttemptPartitions(db, 4)).toBe(1);
  await sql`update talkme.retention_floor set retention = '0', delete_after = '0'`.execute(owner);
  const rules = { account: "default", sendingWindow: "mon-fri 9-19", blankAfterDays: 0, deleteAfterDays: 9 };
  expect(await configureAccount(db, rules)).toBe(true);
  expect(await applyRetention(db, 10, 12)).toMatchObject({ deleted: 0, more: true });
  expect(await applyRetention(db, 10, 12)).toMatchObject({ blanked: 1, more: true });
  expect(await expireOverdue(db, 10)).toEqual([]);
  const last = nextTurn();
  const known = { claims: [], last, lost: [{ first: 1, last }] };
  expect(await reclaim(db, "a", known)).toMatchObject({ released: [expect.anything()], forgotten: [] });
  await settleAndClaim(db, "a", [], [wish]);
  await sql`update talkme.instance set heartbeat_at = now() - interval '1 hour'`.execute(db);
  expect(await rescueFromDeadInstances(db, "hold", 10)).toHaveLength(1);
  expect(await listFailures(db, "en")).toHaveLength(2);
  expect(await countInstances(db)).toEqual({ alive: 0, silent: 0 });
  expect(await readTableHealth(db)).toContainEqual(expect.objectContaining({ table: "outbox" }));
  expect(await readOldestSnapshot(db)).toBeNull();
  expect((await countRows(db)).byStatus).toMatchObject({ sent: 1, unknown: 2, pending: 0 });
  const { rows: forgotten } = await sql`select talkme.forget('11988887777') as said`.execute(owner);
  expect(forgotten).toEqual([{ said: expect.stringContaining("1 had been blanked before") }]);
});

test("an installed PostgreSQL is found by its programs", () => {
  for (const { version } of installedVersions()) expect(Number(version)).toBeGreaterThan(9);
});

test.each(installedVersions())(
  "a turn and a look planned over an empty table use no sequential scan or JIT on PostgreSQL $version",
  async ({ folder }) => {
    const server = await startEmbeddedServer({ binariesFolder: folder, inMemory: true });
    const owner = connect(server.url);
    onTestFinished(async () => {
      await owner.destroy();
      await server.remove();
    });
    await migrate(owner);
    await registerInstance(owner, { name: "a", version: "0", host: "test", pid: 1, leaseSeconds: 30 });
    await using session = await ExplainedSession.open(server.url);
    const lanes = [wishFor({ limit: 8 }), wishFor({ limit: 8, restricted: true, scan: 8 })];
    for (const wish of lanes) await settleAndClaim(session.db, "a", [], [wish]);
    await readQueue(session.db);

    await sql`
      insert into talkme.outbox (numero_dest, id_campanha) select '11988887777', 1 from generate_series(1, 20000)
    `.execute(owner);
    for (const wish of lanes) {
      const { claimed } = await settleAndClaim(session.db, "a", [], [wish]);
      const settlements = claimed.map((row) => settlementOf(row, "a"));
      await settleAndClaim(session.db, "a", settlements, [wish]);
      const plan = await session.explain(async () => {
        await settleAndClaim(session.db, "a", settlements, [wish]);
        await readQueue(session.db);
      });
      expect(plan).toMatchObject({ sequentialScans: [], compiled: false });
      expect(plan.buffers).toBeLessThan(1000);
    }
  },
);
