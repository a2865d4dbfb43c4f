import { installedVersions, startEmbeddedServer } from "@talkme/test-postgres";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";

import {
  countRows,
  createAttemptPartitions,
  discoverLanes,
  expireOverdue,
  listFailures,
  listInstances,
  listMissingPrivileges,
  readDatabaseTime,
  registerInstance,
  releaseUnsent,
  rescueFromDeadInstances,
  sendHeartbeat,
  settleAndClaim,
} from "../src/daemon.ts";
import { enqueue, migrate } from "../src/index.ts";
import { connect } from "./support/connect.ts";
import { settlementOf } from "./support/outbox.ts";

// Beside the embedded version, whatever the system has: a new machine may have none.
test.each(installedVersions())("every statement works on PostgreSQL $version as well", async ({ folder }) => {
  const server = await startEmbeddedServer({ binariesFolder: folder });
  const db = connect(server.url);
  onTestFinished(async () => {
    await db.destroy();
    await server.remove();
  });

  await migrate(db);
  await registerInstance(db, { name: "a", version: "0", host: "test", pid: 1, leaseSeconds: 30 });
  for (let i = 0; i < 3; i += 1)
    await enqueue(db, { idCampanha: 1, numeroDest: "11988887777", infoContato: { nome: "a" } });
  const lanes = await discoverLanes(db);
  expect(lanes).toMatchObject([{ lane: "default/1/-", priority: 0 }]);

  const wish = { lane: "default/1/-", priority: 0, after: null, limit: 2 };
  const { claimed } = await settleAndClaim(db, "a", [], [wish], false);
  expect(claimed).toHaveLength(2);
  const [first, second] = claimed;
  if (first === undefined || second === undefined) throw new Error("Too few rows.");
  const settlements = [settlementOf(first, "a"), settlementOf(second, "a", { status: "unknown" })];
  expect(await settleAndClaim(db, "a", settlements, [wish], true)).toMatchObject({ stale: [], locked: [] });

  expect(await sendHeartbeat(db, "a")).toBe(1);
  expect(await listInstances(db)).toMatchObject([{ name: "a", inFlight: 1 }]);
  expect(await listMissingPrivileges(db)).toEqual([]);
  expect(await createAttemptPartitions(db, 4)).toBe(1);
  expect(await expireOverdue(db, 10)).toBe(0);
  expect(await releaseUnsent(db, "a", [], await readDatabaseTime(db))).toBe(1);
  await settleAndClaim(db, "a", [], [wish], false);
  await sql`update talkme.instance set heartbeat_at = now() - interval '1 hour'`.execute(db);
  expect(await rescueFromDeadInstances(db, "hold", 10)).toHaveLength(1);
  expect(await listFailures(db)).toHaveLength(2);
  expect((await countRows(db)).byStatus).toMatchObject({ sent: 1, unknown: 2, pending: 0 });
});

test("an installed PostgreSQL is found by its programs, where there is one", () => {
  for (const { version } of installedVersions()) expect(Number(version)).toBeGreaterThan(9);
});
