import type { PostgresServer } from "@talkme/test-postgres";
import { Client } from "pg";
import { expect, test } from "vitest";

import { OwnServer, readiness, sentOnce } from "./support/own-server.ts";
import type { Syncd } from "./support/syncd.ts";
import { TcpProxy } from "./support/tcp-proxy.ts";

const patience = { timeout: 60_000, interval: 50 };
const lease = { TALKME_LEASE_SECONDS: "3" };

type Row = Readonly<Record<string, unknown>>;

async function ask(server: { readonly url: string }, text: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: server.url });
  client.on("error", () => "The query fails with it.");
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

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
    .poll(() => ask(standby, `select pg_last_wal_replay_lsn() >= '${String(at?.["lsn"])}' as reached`), patience)
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

async function isStopped(syncd: Syncd): Promise<void> {
  await expect
    .poll(() => readiness(syncd), patience)
    .toMatchObject({ status: 503, reasons: expect.stringContaining("timeline 00000002 instead of 00000001") });
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
    const sent = server.simulator.requests;
    expect(await acknowledgeInTime(server, standby)).toBe(sent);
    await syncd.logged("the change of the database is acknowledged: sending again");

    await expect
      .poll(() => ask(standby, "select status, count(*)::integer from talkme.outbox group by status"), patience)
      .toEqual([{ status: "sent", count: 60 }]);
    expect(server.simulator.ledger.duplicates()).toEqual([]);
  },
);
