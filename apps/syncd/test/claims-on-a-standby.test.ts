import { expect, onTestFinished, test } from "vitest";

import { check, fine, found } from "./support/check.ts";
import { readiness, sentOnce } from "./support/own-server.ts";
import { ReplicatedServer } from "./support/replicated-server.ts";
import { scrape } from "./support/scrape.ts";
import { environmentFor, type Syncd } from "./support/syncd.ts";

const patience = { timeout: 60_000 };
const standby = { TALKME_CLAIM_DURABILITY: "standby" };

function waitsBecause(why: string) {
  return { status: 503, reasons: expect.stringContaining(`waiting for the standby: ${why}`) };
}

const nobodyConfirms = waitsBecause("no standby of synchronous_standby_names confirms commits");

async function isWaiting(syncd: Syncd): Promise<number | undefined> {
  return (await scrape(syncd)).get("talkme_waiting_for_standby");
}

test("nothing is sent while no standby is named, and /readyz says so; once one is, every row is sent once", async () => {
  const servers = await ReplicatedServer.open();
  const { primary } = servers;
  await primary.insert(5);
  const syncd = primary.run(standby);
  await expect
    .poll(() => readiness(syncd), patience)
    .toMatchObject(waitsBecause("synchronous_standby_names is empty"));
  expect(await isWaiting(syncd)).toBe(1);
  expect((await primary.outcome()).rows).toEqual({ pending: 5 });
  await primary.sql("grant pg_read_all_stats to test_talkme_daemon");
  const settings = { ...environmentFor(primary.url, primary.simulator.url), ...standby };
  const lines = `alter system set synchronous_standby_names = 'ANY 1 ("talkme_standby")';`;
  expect((await check(settings)).findings).toContainEqual(found("standby", "problem", "is empty", lines));

  await servers.synchronise();
  await expect.poll(() => primary.outcome(), patience).toEqual(sentOnce(5));
  expect(fine(await check(settings), "standby").join()).toMatch(
    /talkme_standby confirmed a commit within \d+ ms/,
  );
  expect(await readiness(syncd)).toMatchObject({ status: 200 });
  expect(await isWaiting(syncd)).toBe(0);

  await servers.nameStandby("");
  await primary.insert(5, 5);
  await expect
    .poll(() => readiness(syncd), patience)
    .toMatchObject(waitsBecause("synchronous_standby_names is empty"));
  expect(primary.simulator.requests).toBe(5);
});

test("while the standby is away nothing is sent and producers go on; SIGTERM stops with nothing held; when it is back every row is sent once", async () => {
  const servers = await ReplicatedServer.open();
  const { primary, link } = servers;
  await servers.synchronise();
  const syncd = primary.run({ ...standby, TALKME_LEASE_SECONDS: "6" });
  await primary.insert(3);
  await expect.poll(() => primary.outcome(), patience).toEqual(sentOnce(3));

  link.cut();
  await primary.insert(10, 3);
  await expect.poll(() => readiness(syncd), patience).toMatchObject(nobodyConfirms);
  expect(await isWaiting(syncd)).toBe(1);
  // Its heartbeats go on.
  expect((await readiness(syncd)).reasons).not.toContain("heartbeats");
  await primary.insert(10, 13);
  expect(primary.simulator.requests).toBe(3);

  syncd.signal("SIGTERM");
  expect(await syncd.exit()).toBe(0);
  expect((await primary.outcome()).rows).toEqual({ sent: 3, pending: 20 });
  expect(await primary.sql("select name from talkme.instance")).toEqual([]);

  const next = primary.run(standby);
  await expect
    .poll(() => readiness(next), patience)
    .toMatchObject(waitsBecause("no standby has confirmed a commit yet"));
  link.restore();
  await expect.poll(() => primary.outcome(), patience).toEqual(sentOnce(23));
  expect(await readiness(next)).toMatchObject({ status: 200 });
});

test("a claim whose wait ends without a confirmation is given back unsent, and sent once when a standby confirms it", async () => {
  const servers = await ReplicatedServer.open();
  const { primary, link } = servers;
  await servers.synchronise();
  const syncd = primary.run(standby);
  const ends = [
    "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'",
    "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'",
    // PostgreSQL releases who waits, and says nothing of it.
    "alter system set synchronous_standby_names = ''",
  ];
  for (const [round, end] of ends.entries()) {
    await expect.poll(() => readiness(syncd), patience).toMatchObject({ status: 200 });
    link.cut();
    await primary.insert(5, 5 * round);
    await servers.claimWaits();
    await primary.sql(end);
    await primary.sql("select pg_reload_conf()");
    await expect.poll(() => readiness(syncd), patience).toMatchObject({ status: 503 });
    const { rows } = sentOnce(5 * round);
    const held = { ...(round > 0 && rows), pending: 5 };
    await expect.poll(async () => (await primary.outcome()).rows, patience).toEqual(held);
    expect(primary.simulator.requests).toBe(5 * round);

    link.restore();
    await servers.synchronise();
    await expect.poll(() => primary.outcome(), patience).toEqual(sentOnce(5 * (round + 1)));
  }

  // A confirmation may come, and too late.
  link.cut();
  await primary.sql(
    "insert into talkme.outbox (numero_dest, id_campanha, expires_at) values ('11988887777', 1, now() + interval '1 second')",
  );
  await servers.claimWaits();
  await expect
    .poll(() => primary.sql("select from talkme.outbox where expires_at < now()"), patience)
    .toHaveLength(1);
  link.restore();
  await expect.poll(async () => (await primary.outcome()).rows, patience).toEqual({ sent: 15, expired: 1 });
  expect(primary.simulator.requests).toBe(15);
});

test("the standby that is promoted knows each claim whose request was made, whenever the primary dies", async () => {
  const servers = await ReplicatedServer.open();
  const { primary, link } = servers;
  await servers.synchronise();
  // What they commit by default is what a failover forgets.
  await primary.sql("alter role test_talkme_daemon set synchronous_commit = local");
  await primary.insert(2000);
  const syncd = primary.run({ ...standby, TALKME_CONCURRENCY: "32" });
  onTestFinished(() => syncd.signal("SIGKILL"));
  const { simulator } = primary;
  await expect
    .poll(() => simulator.requests, { ...patience, interval: 5 })
    .toBeGreaterThan(200 + Math.random() * 300);

  link.cut();
  const atCut = simulator.requests;
  const goesOn = (): boolean => simulator.requests > atCut + 200;
  await expect
    .poll(async () => (await servers.isClaimWaiting()) || goesOn(), { ...patience, interval: 5 })
    .toBe(true);
  const promoted = await servers.failOver();
  syncd.signal("SIGKILL");
  const { rows } = await promoted.query<{ numero: string }>(
    "select numero_dest as numero from talkme.outbox where status = 'pending'",
  );
  const forgotten = rows.filter(({ numero }) => simulator.ledger.byNumero(numero).length > 0);
  expect(forgotten).toEqual([]);
  expect(rows.length).toBeGreaterThan(0);
});
