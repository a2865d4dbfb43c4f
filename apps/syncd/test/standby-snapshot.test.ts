import { readOldestSnapshot } from "@talkme/outbox/daemon";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { Database } from "../src/database/database.ts";
import { OwnServer } from "./support/own-server.ts";
import { environmentFor, Syncd } from "./support/syncd.ts";

const patience = { timeout: 30_000, interval: 200 };

/** A connection to a standby that streams from the primary with hot_standby_feedback. */
async function startStandby(server: OwnServer): Promise<Client> {
  await server.postgres.stop("fast");
  const standby = await server.postgres.startStandby();
  await server.postgres.start();
  const { hostname, port, username, password } = new URL(server.url);
  const client = new Client({ connectionString: standby.url });
  client.on("error", () => "The server was stopped.");
  onTestFinished(() => client.end());
  await client.connect();
  const primary = `host=${hostname} port=${port} user=${username} password=${password} application_name=copy`;
  for (const setting of [
    "hot_standby_feedback = on",
    "wal_receiver_status_interval = 1",
    `primary_conninfo = '${primary}'`,
  ]) {
    await client.query(`alter system set ${setting}`);
  }
  await client.query("select pg_reload_conf()");
  return client;
}

test("a standby's feedback is found as the oldest snapshot, which moves on unless a query there keeps it open", async () => {
  const server = await OwnServer.open();
  const onStandby = await startStandby(server);
  const database = new Database(server.url, () => {});
  onTestFinished(() => database.close());
  const oldest = async (): ReturnType<typeof readOldestSnapshot> => readOldestSnapshot(database.kysely);
  const xmin = async (): Promise<number> => Number((await oldest())?.xmin);
  await expect
    .poll(oldest, patience)
    .toMatchObject({ kind: "session", application: "copy", openSeconds: null });

  const first = await xmin();
  await server.insert(3);
  await expect.poll(xmin, patience).toBeGreaterThan(first);

  await onStandby.query("begin isolation level repeatable read");
  const { rows: own } = await onStandby.query(
    "select backend_xmin::text as xmin from pg_stat_activity where pid = pg_backend_pid()",
  );
  const kept = Number(own[0].xmin);
  for (let i = 0; i < 3; i += 1) await server.insert(1, 100 + i);
  await expect.poll(async () => (await oldest())?.ageTransactions, patience).toBeGreaterThanOrEqual(3);
  await expect.poll(xmin, patience).toBe(kept);

  const { out } = await Syncd.command(["check", "--json"], environmentFor(server.url, server.simulator.url));
  expect(JSON.parse(out)).toMatchObject({
    findings: expect.arrayContaining([
      {
        subject: "snapshots",
        severity: "ok",
        detail: expect.stringMatching(/the standby copy needs the rows as of \d+ transactions ago/),
      },
    ]),
  });
  expect(await xmin()).toBe(kept);

  await onStandby.query("commit");
  await expect.poll(xmin, patience).toBeGreaterThan(kept);
});
