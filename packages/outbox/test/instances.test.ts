import { sql } from "kysely";
import { describe, expect, test } from "vitest";

import {
  claimKey,
  listInstances,
  reclaim,
  rescueFromDeadInstances,
  sendHeartbeat,
  settleAndClaim,
  setListening,
  unregisterInstance,
  type ClaimedRow,
  type KnownTurns,
} from "../src/daemon.ts";
import { settlementOf, TestOutbox, wishFor } from "./support/outbox.ts";

async function silence(outbox: TestOutbox, name: string): Promise<void> {
  await sql`update talkme.instance set heartbeat_at = now() - interval '1 hour' where name = ${name}`.execute(
    outbox.db,
  );
}

describe("the rows of a dead instance", () => {
  test("become unknown, since they may have been sent, and nothing else is touched", async () => {
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

  test("become pending only if the row or the daemon says resend", async () => {
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

  test("are found even when their instance is no longer listed", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("gone");
    await outbox.insertDue(1);
    await outbox.claim("gone");
    await unregisterInstance(outbox.daemon, "gone");

    expect(await rescueFromDeadInstances(outbox.daemon, "hold", 10)).toHaveLength(1);
  });
});

test("an instance with heartbeats within its lease keeps its rows", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.insertDue(1);
  await outbox.claim("a");

  expect(await sendHeartbeat(outbox.daemon, "a")).toBeGreaterThan(0);
  expect(await rescueFromDeadInstances(outbox.daemon, "hold", 10)).toEqual([]);
});

test("an instance declared dead learns it from its next heartbeat", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await silence(outbox, "a");
  await rescueFromDeadInstances(outbox.daemon, "hold", 10);

  expect(await sendHeartbeat(outbox.daemon, "a")).toBeNull();
});

test("a heartbeat brings back the epoch that a failover has lost: its instance claims again", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.insertDue(1);
  // The statement that began epoch 2 is not in this database.
  const claimed = async () =>
    (await settleAndClaim(outbox.daemon, "a", [], [wishFor()], 10, { epoch: 2 })).claimed;
  expect(await claimed()).toEqual([]);

  await sendHeartbeat(outbox.daemon, "a", null, 2);
  expect(await claimed()).toHaveLength(1);
});

/** What a process knows after the turn `last` if it lost the turns `lost`. */
function knowing(last: number, lost: readonly number[], claims: readonly ClaimedRow[] = []): KnownTurns {
  return { last, lost: lost.map((turn) => ({ first: turn, last: turn })), claims: claims.map(claimKey) };
}

test("rows that an instance does not know of are given back with their attempt if a lost turn claimed them, else become unknown", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.insertDue(4);
  const [known] = await outbox.claim("a", { limit: 1 });
  const [lost] = await outbox.claim("a", { limit: 1 });
  const [dispatched] = await outbox.claim("a", { limit: 1 });
  const [later] = await outbox.claim("a", { limit: 1 });
  if (!known || !lost || !dispatched || !later) throw new Error("There are four rows.");

  expect(await reclaim(outbox.daemon, "a", knowing(dispatched.claim, [lost.claim], [known]))).toEqual({
    released: [lost.id],
    forgotten: [dispatched.id],
  });

  expect(await outbox.row(known.id)).toMatchObject({ status: "sending" });
  expect(await outbox.row(lost.id)).toMatchObject({
    status: "pending",
    attempts: 0,
    claimed_by: null,
    claim: null,
  });
  expect(await outbox.row(dispatched.id)).toMatchObject({
    status: "unknown",
    attempts: 1,
    error_code: "answer_forgotten",
  });
  // The statement arrived late: this row was claimed after the statement was sent.
  expect(await outbox.row(later.id)).toMatchObject({ status: "sending", fence: 1 });

  // The forgotten answer was true: if it comes again, it settles the row.
  await outbox.settle([settlementOf(dispatched, "a")]);
  expect(await outbox.row(dispatched.id)).toMatchObject({ status: "sent", error_code: null });
});

test("a row that a trigger keeps from being taken back or rescued holds up no other", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  const ids = await outbox.insertDue(4);
  const claimed = await outbox.claim("a");
  await outbox.ask(`
    create function public.refuse() returns trigger language plpgsql as $$ begin
      if new.id = ${ids[0]} then raise exception 'no'; elsif new.id = ${ids[1]} then return null; end if;
      return new;
    end $$;
    create trigger refuse before update on talkme.outbox for each row execute function public.refuse()`);

  const lost = claimed[0]?.claim ?? 0;
  await reclaim(outbox.daemon, "a", knowing(lost, [lost], claimed.slice(3)));
  const statuses = async () => Promise.all(ids.map(async (id) => (await outbox.row(id)).status));
  expect(await statuses()).toEqual(["sending", "sending", "pending", "sending"]);

  await silence(outbox, "a");
  await rescueFromDeadInstances(outbox.daemon, "hold", 10);
  expect(await statuses()).toEqual(["sending", "sending", "pending", "unknown"]);
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
