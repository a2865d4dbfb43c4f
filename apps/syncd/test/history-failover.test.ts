import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { PostgresServer } from "@talkme/test-postgres";
import { expect, onTestFinished, test } from "vitest";

import { check, found } from "./support/check.ts";
import { ask, OwnServer, readiness, sentOnce } from "./support/own-server.ts";
import { runHere } from "./support/run-here.ts";
import { scrape } from "./support/scrape.ts";
import { environmentFor, type Syncd } from "./support/syncd.ts";
import { TcpProxy } from "./support/tcp-proxy.ts";

const patience = { timeout: 60_000, interval: 50 };
const lease = { TALKME_LEASE_SECONDS: "3" };

/** How a standby follows a server. */
function following({ url }: { readonly url: string }, name: string): string {
  const { hostname, port, username, password } = new URL(url);
  return `host=${hostname} port=${port} user=${username} password=${password} application_name=${name}`;
}

/** A server with a standby that follows it, and what stands in front of them. */
async function openPair(settings: Readonly<Record<string, string>> = {}) {
  const server = await OwnServer.open({ settings: { wal_level: "replica", ...settings } });
  await server.postgres.stop("fast");
  const standby = await server.postgres.startStandby({ primary_conninfo: following(server, "b") });
  await server.postgres.start();
  const proxy = await TcpProxy.open(server.url);
  return { server, standby, proxy };
}

async function caughtUp(server: OwnServer, standby: PostgresServer): Promise<void> {
  const [at] = await server.sql("select pg_current_wal_flush_lsn()::text as lsn");
  await expect
    .poll(
      () => ask(standby, `select pg_last_wal_replay_lsn() >= '${String(at?.["lsn"])}' as reached`),
      patience,
    )
    .toEqual([{ reached: true }]);
}

/** Whatever is committed from now on is on the primary alone. */
async function cutReplication(standby: PostgresServer): Promise<void> {
  await ask(standby, "alter system set primary_conninfo = ''");
  await ask(standby, "select pg_reload_conf()");
  await expect.poll(() => ask(standby, "select from pg_stat_wal_receiver"), patience).toEqual([]);
}

async function promote(standby: PostgresServer): Promise<void> {
  expect(await ask(standby, "select pg_promote()")).toEqual([{ pg_promote: true }]);
}

const acknowledge = "select talkme.acknowledge_history('the rows of history_doubts() were looked at')";

/** Acknowledges the change as soon as that is allowed; returns how many requests had been made by then. */
async function acknowledgeInTime(server: OwnServer, standby: PostgresServer): Promise<number> {
  let requests = 0;
  const tryIt = async (): Promise<string> => {
    requests = server.simulator.requests;
    return ask(standby, acknowledge).then(() => "done", String);
  };
  await expect.poll(tryIt, patience).toBe("done");
  return requests;
}

async function allAreSentOnce(count: number, server: OwnServer, standby: PostgresServer): Promise<void> {
  await expect
    .poll(() => ask(standby, "select status, count(*)::integer from talkme.outbox group by status"), patience)
    .toEqual([{ status: "sent", count }]);
  expect(server.simulator.ledger.duplicates()).toEqual([]);
}

async function isStopped(syncd: Syncd): Promise<void> {
  await expect
    .poll(() => readiness(syncd), patience)
    .toMatchObject({
      status: 503,
      reasons: expect.stringContaining("timeline 00000002 instead of 00000001"),
    });
}

/** The metric, the log, `status` and `check`; the sentence says what to look at, and what to type. */
async function everythingSaysSo(syncd: Syncd, environment: Readonly<Record<string, string>>): Promise<void> {
  const sentence =
    /Nothing is sent: .*talkme\.history_doubts\(\); .*select talkme\.acknowledge_history\('why'\)/;
  expect((await scrape(syncd)).get("talkme_history_changed")).toBe(1);
  expect(
    await syncd.logged("this is not the database in which messages were marked: nothing is sent"),
  ).toMatchObject({ was: { timeline: "00000001" }, is: { timeline: "00000002" } });
  const { out } = await runHere(["status"], environment);
  expect(out.replaceAll(/\s+/g, " ")).toMatch(sentence);
  const { findings } = await check(environment);
  expect(findings).toContainEqual(found("history", "problem", "Nothing is sent", "TalkmeHistoryChanged"));
}

test(
  "after a failover that lost marks nothing is sent until somebody acknowledges it, and what the instances remember is not sent again",
  { timeout: 120_000 },
  async () => {
    const { server, standby, proxy } = await openPair();
    const syncd = server.run(lease, proxy.url);
    await server.insert(20);
    await expect.poll(() => server.outcome(), patience).toEqual(sentOnce(20));
    await server.sql("select talkme.pause('all', 'the standby gets them first')");
    await server.insert(40, 20);
    await caughtUp(server, standby);
    await cutReplication(standby);
    // Some are on the wire while the primary dies.
    server.faults({ do: { kind: "latency", ms: 300, jitterMs: 300 } });
    await server.sql("select talkme.resume('all')");
    await expect.poll(() => server.simulator.ledger.size, patience).toBeGreaterThan(35);

    await server.postgres.stop("immediate");
    await promote(standby);
    proxy.switchTo(standby.url);
    await ask(standby, "select talkme.resume('all')");
    await isStopped(syncd);
    await expect(ask(standby, acknowledge)).rejects.toThrow("the change can be acknowledged from");
    await everythingSaysSo(syncd, environmentFor(standby.url, server.simulator.url));
    const sent = server.simulator.requests;
    expect(await acknowledgeInTime(server, standby)).toBe(sent);
    await syncd.logged("the change of the database is acknowledged: sending again");

    await allAreSentOnce(60, server, standby);
  },
);

test(
  "a failover in which a standby had confirmed every claim acknowledges itself, and sends every row once",
  { timeout: 120_000 },
  async () => {
    const server = await OwnServer.open({ settings: { wal_level: "replica" } });
    await server.postgres.stop("fast");
    // It confirms nothing before it is promoted; from then on its own standby confirms its commits.
    const standby = await server.postgres.startStandby({
      primary_conninfo: following(server, "b"),
      synchronous_standby_names: "c",
    });
    const next = await server.postgres.startStandby({ primary_conninfo: following(standby, "c") });
    await server.postgres.start();
    await caughtUp(server, standby);
    await server.sql("alter system set synchronous_standby_names = 'b'");
    await server.sql("select pg_reload_conf()");
    const proxy = await TcpProxy.open(server.url);
    const syncd = server.run({ ...lease, TALKME_CLAIM_DURABILITY: "standby" }, proxy.url);
    await syncd.logged(
      "a standby confirms every claim from now on: instances with local claims claim nothing",
    );
    server.faults({ do: { kind: "latency", ms: 200, jitterMs: 200 } });
    await server.insert(60);
    await expect.poll(() => server.simulator.ledger.size, patience).toBeGreaterThan(20);

    await server.postgres.stop("immediate");
    await promote(standby);
    proxy.switchTo(standby.url);
    expect(await syncd.logged("the change of the database is acknowledged: sending again")).toMatchObject({
      confirmed: true,
    });
    await allAreSentOnce(60, server, standby);
    expect(
      await ask(standby, "select reason from talkme.audit where action = 'acknowledge_history'"),
    ).toEqual([{ reason: "a standby had confirmed every claim" }]);
    await next.stop("immediate");
  },
);

test(
  "after a restore to a point in time a new instance, which remembers nothing, sends nothing until a person has seen what was due",
  { timeout: 120_000 },
  async () => {
    const archive = await mkdtemp(join(tmpdir(), "talkme-archive-"));
    onTestFinished(() => rm(archive, { recursive: true, force: true }));
    await chmod(archive, 0o777);
    const server = await OwnServer.open({
      settings: { wal_level: "replica", archive_mode: "on", archive_command: `cp %p ${archive}/%f` },
    });
    await server.postgres.stop("fast");
    // The base backup, which replays what is archived until it reaches the point.
    const restored = await server.postgres.startStandby({
      archive_mode: "off",
      restore_command: `cp ${archive}/%f %p`,
      recovery_target_name: "before",
      recovery_target_action: "promote",
      wal_retrieve_retry_interval: "100ms",
    });
    await server.postgres.start();
    const first = server.run(lease);
    await server.insert(5);
    await expect.poll(() => server.outcome(), patience).toEqual(sentOnce(5));
    await server.sql("select talkme.pause('all', 'until the point')");
    await server.insert(5, 5);
    await server.sql("select talkme.resume('all'), pg_create_restore_point('before')");
    await expect.poll(() => server.outcome(), patience).toEqual(sentOnce(10));
    first.signal("SIGTERM");
    expect(await first.exit()).toBe(0);
    await server.sql("select pg_switch_wal()");
    await expect
      .poll(() => ask(restored, "select pg_is_in_recovery()"), patience)
      .toEqual([{ pg_is_in_recovery: false }]);

    await ask(restored, "select talkme.resume('all')");
    const syncd = server.run(lease, restored.url);
    await isStopped(syncd);
    expect(await ask(restored, "select id, why from talkme.history_doubts()")).toEqual(
      [6, 7, 8, 9, 10].map((id) => ({ id: String(id), why: "due before the change" })),
    );
    await ask(
      restored,
      "update talkme.outbox set status = 'unknown' where id in (select id from talkme.history_doubts())",
    );
    expect(await acknowledgeInTime(server, restored)).toBe(10);
    await ask(restored, "insert into talkme.outbox (numero_dest, id_campanha) values ('11980000999', 1)");
    await expect.poll(() => server.simulator.ledger.size, patience).toBe(11);
    expect(server.simulator.ledger.duplicates()).toEqual([]);
  },
);
