import { sql } from "kysely";
import { describe, expect, test } from "vitest";

import {
  claimKey,
  listInstances,
  readDatabaseTime,
  releaseUnsent,
  rescueFromDeadInstances,
  sendHeartbeat,
  setListening,
  unregisterInstance,
} from "../src/daemon.ts";
import { TestOutbox } from "./support/outbox.ts";

async function silence(outbox: TestOutbox, name: string): Promise<void> {
  await sql`update talkme.instance set heartbeat_at = now() - interval '1 hour' where name = ${name}`.execute(
    outbox.db,
  );
}

describe("the rows of an instance that died", () => {
  test("become unknown, since their requests may have been made, and nothing else is touched", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("dead");
    await outbox.register("alive");
    await outbox.insertDue(3);
    const [lost] = await outbox.claim("dead", { limit: 1 });
    const [held] = await outbox.claim("alive", { limit: 1 });
    await silence(outbox, "dead");

    const rescued = await rescueFromDeadInstances(outbox.daemon, "hold", 10);

    expect(rescued).toEqual([
      {
        id: lost?.id,
        account: "default",
        numeroDest: lost?.numeroDest,
        attempts: 1,
        claimedBy: "dead",
        status: "unknown",
        code: "instance_lost",
      },
    ]);
    expect(await outbox.row(held?.id ?? "")).toMatchObject({ status: "sending", claimed_by: "alive" });
    expect(await outbox.ask("select count(*) from talkme.outbox where status = 'pending'")).toBe("1");
    expect((await listInstances(outbox.daemon)).map(({ name }) => name)).toEqual(["alive"]);
  });

  test("become pending only where the row or the daemon says resend", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("dead");
    await outbox.insert("numero_dest, id_campanha, on_unknown", "values ('11988887777', 1, 'resend')");
    await outbox.insert("numero_dest, id_campanha, on_unknown", "values ('11988887777', 1, 'hold')");
    await outbox.insert("numero_dest, id_campanha", "values ('11988887777', 1)");
    await outbox.claim("dead");
    await silence(outbox, "dead");

    await rescueFromDeadInstances(outbox.daemon, "resend", 10);

    const statuses = "select string_agg(status, ',' order by id) from talkme.outbox";
    expect(await outbox.ask(statuses)).toBe("pending,unknown,pending");
  });

  test("stay unknown, even with resend, when their attempts are used up", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("dead");
    await outbox.insertDue(1);
    await outbox.claim("dead");
    await silence(outbox, "dead");

    expect(await rescueFromDeadInstances(outbox.daemon, "resend", 1)).toMatchObject([{ status: "unknown" }]);
  });

  test("are found even when their instance is on no list any more", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("gone");
    await outbox.insertDue(1);
    await outbox.claim("gone");
    await unregisterInstance(outbox.daemon, "gone");

    expect(await rescueFromDeadInstances(outbox.daemon, "hold", 10)).toHaveLength(1);
  });
});

test("an instance that sends heartbeats within its lease keeps its rows", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.insertDue(1);
  await outbox.claim("a");

  expect(await sendHeartbeat(outbox.daemon, "a")).toBeGreaterThan(0);
  expect(await rescueFromDeadInstances(outbox.daemon, "hold", 10)).toEqual([]);
});

test("an instance that was declared dead learns it from its next heartbeat", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await silence(outbox, "a");
  await rescueFromDeadInstances(outbox.daemon, "hold", 10);

  expect(await sendHeartbeat(outbox.daemon, "a")).toBeNull();
});

test("rows that were claimed without the instance's knowledge are given back, with their attempt", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.insertDue(2);
  const [known, lost] = await outbox.claim("a");

  const now = await readDatabaseTime(outbox.daemon);

  expect(
    await releaseUnsent(outbox.daemon, "a", known === undefined ? [] : [claimKey(known)], now),
  ).toHaveLength(1);

  expect(await outbox.row(known?.id ?? "")).toMatchObject({ status: "sending" });
  expect(await outbox.row(lost?.id ?? "")).toMatchObject({
    status: "pending",
    attempts: 0,
    claimed_by: null,
  });
});

test("a statement that gives rows back and comes late leaves those that were claimed meanwhile", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.insertDue(1);
  const before = await readDatabaseTime(outbox.daemon);
  const [row] = await outbox.claim("a");

  expect(await releaseUnsent(outbox.daemon, "a", [], before)).toEqual([]);
  expect(await outbox.row(row?.id ?? "")).toMatchObject({ status: "sending", fence: 1 });
});

test("an insert notifies only while an instance is idle and listening", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  const heard: string[] = [];
  const { Client } = await import("pg");
  const client = new Client({ connectionString: outbox.url });
  client.on("notification", ({ channel }) => heard.push(channel));
  await client.connect();
  await client.query("listen talkme_outbox");
  await client.query("listen fence");

  await outbox.insertDue(1);
  await sql`select pg_notify('fence', '')`.execute(outbox.db);
  await expect.poll(() => heard).toEqual(["fence"]);

  await setListening(outbox.daemon, "a", true);
  await outbox.insertDue(1);
  await expect.poll(() => heard).toEqual(["fence", "talkme_outbox"]);
  await client.end();
});
