import type { Exit } from "@talkme/test-syncd";
import { expect, test } from "vitest";

import { readiness } from "./support/own-server.ts";
import { Stage } from "./support/stage.ts";
import { Syncd } from "./support/syncd.ts";
import { TcpProxy } from "./support/tcp-proxy.ts";

/** Found in the statement that settles and claims, and in its parameters when it settles an accepted message. */
const claim = "talkme.settle_and_claim";
const settlement = '"status":"sent"';

const releases = "rows were claimed by a statement whose answer was lost: they are pending again";
const deaf = "not listening: polling until the connection is back";

interface Scene {
  readonly stage: Stage;
  readonly proxy: TcpProxy;
  readonly syncd: Syncd;
}

interface SceneOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** Only for notifications: all other connections are direct. */
  readonly onlyNotifications?: boolean;
  readonly beforeStart?: (proxy: TcpProxy) => void;
}

async function open(options: SceneOptions): Promise<Scene> {
  const stage = await Stage.open();
  const proxy = await TcpProxy.open(stage.databaseUrl);
  options.beforeStart?.(proxy);
  const databaseUrl = options.onlyNotifications === true ? stage.databaseUrl : proxy.url;
  const settings = { TALKME_LISTEN_URL: proxy.url, ...options.settings };
  const syncd = Syncd.run(databaseUrl, stage.simulator.url, settings);
  await syncd.logged("listening for inserts");
  return { stage, proxy, syncd };
}

let opened: Promise<unknown> = Promise.resolve();

/** A daemon whose connections lead through a proxy. They start in turn, since all at once would take long. */
async function scene(options: SceneOptions = {}): Promise<Scene> {
  const mine = opened.then(() => open(options));
  opened = mine.catch(() => "Its scenario fails.");
  return mine;
}

/** Asserts that one request sent every row and was recorded once. */
async function everythingIsSentOnce(stage: Stage, rows: number): Promise<void> {
  await expect.poll(() => stage.count("status = 'sent' and attempts = 1")).toBe(rows);
  expect(stage.simulator.ledger.size).toBe(rows);
  const attempts = await stage.sql("select count(*)::integer as recorded from talkme.attempt");
  expect(attempts).toEqual([{ recorded: rows }]);
}

async function lostClaim(): Promise<void> {
  const { stage, proxy, syncd } = await scene();
  const dead = proxy.killSilentlyAt(claim, "answers");
  const id = await stage.insert("11988887777");
  await dead;

  expect(await stage.reaches(id, "sending")).toMatchObject({ fence: 1 });
  await everythingIsSentOnce(stage, 1);
  await syncd.logged(releases);
  expect(await stage.row(id)).toMatchObject({ fence: 2 });
}

async function lateClaim(): Promise<void> {
  const { stage, proxy } = await scene({ settings: { TALKME_CONCURRENCY: "1" } });
  await stage.reaches(await stage.insert("11988887771"), "sent");
  const dead = proxy.killSilentlyAt(claim, "everything");
  await stage.insert("11988887772");
  await dead;
  await everythingIsSentOnce(stage, 2);

  // The only slot is taken. The next row waits for it, and the late statement must not claim that row.
  stage.faults({ do: { kind: "latency", ms: 1500 } });
  await stage.reaches(await stage.insert("11988887773"), "sending");
  const last = await stage.insert("11988887774");
  await lateStatementEnds(stage, proxy);
  expect(await stage.row(last)).toMatchObject({ status: "pending", fence: 0 });

  await everythingIsSentOnce(stage, 4);
}

async function lostSettlement(): Promise<void> {
  const { stage, proxy, syncd } = await scene();
  const dead = proxy.killSilentlyAt(settlement, "answers");
  const id = await stage.insert("11988887777");
  await dead;
  const settled = await stage.reaches(id, "sent");

  await syncd.logged("database error");
  await syncd.logged("late answers matched no row");
  await everythingIsSentOnce(stage, 1);
  expect(await stage.row(id)).toEqual(settled);
}

async function lateSettlement(): Promise<void> {
  const { stage, proxy } = await scene();
  const dead = proxy.killSilentlyAt(settlement, "everything");
  const id = await stage.insert("11988887777");
  await dead;
  await everythingIsSentOnce(stage, 1);
  const settled = await stage.row(id);

  await lateStatementEnds(stage, proxy);
  expect(await stage.row(id)).toEqual(settled);
  await everythingIsSentOnce(stage, 1);
}

/** Delivers the statement that the proxy held back; the server runs it. */
async function lateStatementEnds(stage: Stage, proxy: TcpProxy): Promise<void> {
  const [now] = await stage.sql("select clock_timestamp()::text as time");
  proxy.deliverHeldBack();
  const late = `
    select from pg_stat_activity
    where datname = current_database() and state = 'idle' and query like '%talkme.settle_and_claim%'
      and query_start > '${String(now?.["time"])}'
  `;
  await expect.poll(async () => (await stage.sql(late)).length).toBeGreaterThan(0);
}

/** The loop notices only after a statement's deadline of fifteen seconds; heartbeats must not wait for it. */
async function deadWhileIdle(): Promise<void> {
  const leaseSeconds = 6;
  const { stage, proxy, syncd } = await scene({ settings: { TALKME_LEASE_SECONDS: `${leaseSeconds}` } });
  await expect.poll(() => readiness(syncd)).toMatchObject({ status: 200 });

  proxy.killSilently();
  // Prometheus waits ten seconds for a scrape.
  const scrape = fetch(`${await syncd.http()}/metrics`, { signal: AbortSignal.timeout(10_000) });
  const scraped = scrape.then((response) => response.text()).catch(String);
  await stage.insert("11988887777");
  await expect
    .poll(() => readiness(syncd))
    .toMatchObject({ status: 503, reasons: expect.stringContaining("heartbeats") });
  const silences: number[] = [];
  const silence =
    "select extract(epoch from now() - heartbeat_at)::double precision as seconds from talkme.instance";
  await expect
    .poll(async () => {
      silences.push(Number((await stage.sql(silence))[0]?.["seconds"]));
      return stage.count("status = 'sent'");
    })
    .toBe(1);
  expect(Math.max(...silences), "seconds without a heartbeat").toBeLessThan(leaseSeconds);
  expect(await scraped).toContain("talkme_database_errors_total");
  await everythingIsSentOnce(stage, 1);
  await expect.poll(() => readiness(syncd)).toMatchObject({ status: 200 });
}

async function exitsWithin(syncd: Syncd, timeout: number): Promise<void> {
  syncd.signal("SIGTERM");
  const exits: Exit[] = [];
  void syncd.exit().then((exit) => exits.push(exit));
  await expect.poll(() => exits, { timeout }).toEqual([0]);
}

/** A stop waits for one statement's deadline at most. */
async function deadAtAStop(): Promise<void> {
  const { proxy, syncd } = await scene({ settings: { TALKME_LEASE_SECONDS: "3" } });
  proxy.killSilently();
  await exitsWithin(syncd, 25_000);
}

/** Nothing is asked on it any more; closing it must not take forever. */
async function deadAndUnusedAtAStop(): Promise<void> {
  const deaths: Promise<void>[] = [];
  const { syncd } = await scene({
    beforeStart: (proxy) => deaths.push(proxy.killSilentlyAt("create_attempt_partitions", "next")),
  });
  await Promise.all(deaths);
  await exitsWithin(syncd, 12_000);
}

async function deadForNotifications(): Promise<void> {
  const { stage, proxy, syncd } = await scene({
    settings: { TALKME_POLL_INTERVAL_MS: "4000" },
    onlyNotifications: true,
  });
  const isNotified = async (): Promise<unknown> =>
    (await stage.sql("select listening from talkme.instance"))[0]?.["listening"];
  const logged = (message: string): number => syncd.log.filter(({ msg }) => msg === message).length;
  await expect.poll(isNotified).toBe(true);

  proxy.killSilently();
  await stage.reaches(await stage.insert("11988887771"), "sent");
  expect(logged(deaf)).toBe(0);

  await expect.poll(() => logged("listening for inserts")).toBe(2);
  expect(logged(deaf)).toBe(1);
  await expect.poll(isNotified).toBe(true);
  // The next poll is four seconds away each time.
  for (const numero of ["11988887772", "11988887773", "11988887774"]) {
    await stage.reaches(await stage.insert(numero), "sent");
  }
  const polled = "select id from talkme.outbox where id > 1 and claimed_at > created_at + interval '2 s'";
  expect(await stage.sql(polled)).toEqual([]);
}

const scenarios = {
  "a claim whose answer is lost": lostClaim,
  "a claim that comes late": lateClaim,
  "a settlement whose answer is lost": lostSettlement,
  "a settlement that comes late": lateSettlement,
  "all connections, while idle": deadWhileIdle,
  "all connections, at a stop": deadAtAStop,
  "an unused connection, at a stop": deadAndUnusedAtAStop,
  "the connection for notifications": deadForNotifications,
};

// In parallel, each with its own database and daemon: noticing takes a statement's deadline of fifteen seconds.
test("silently dead connections are noticed and replaced, and lose, repeat and hold up nothing", async () => {
  const outcomes = await Promise.allSettled(Object.values(scenarios).map((run) => run()));
  const byName = Object.fromEntries(Object.keys(scenarios).map((name, index) => [name, outcomes[index]]));
  const well = { status: "fulfilled", value: undefined };
  expect(byName).toEqual(Object.fromEntries(Object.keys(scenarios).map((name) => [name, well])));
});
