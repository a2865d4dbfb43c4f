import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { claimWaits, lockWith } from "./support/locks.ts";
import { Stage } from "./support/stage.ts";
import type { Syncd } from "./support/syncd.ts";

/** Every metric that dashboards and alerts may rely on, with its labels. */
const promised = [
  'talkme_outbox_rows{status="pending"}',
  'talkme_outbox_rows{status="sending"}',
  'talkme_outbox_rows{status="sent"}',
  'talkme_outbox_rows{status="failed"}',
  'talkme_outbox_rows{status="unknown"}',
  'talkme_outbox_rows{status="expired"}',
  'talkme_outbox_rows{status="cancelled"}',
  "talkme_outbox_oldest_pending_timestamp_seconds",
  'talkme_send_attempts_total{account="default",action="simples",outcome="accepted"}',
  'talkme_send_attempts_total{account="default",action="v2",outcome="rejected"}',
  'talkme_send_attempts_total{account="default",action="v2",outcome="not_sent"}',
  'talkme_send_attempts_total{account="default",action="v2",outcome="unknown"}',
  'talkme_send_duration_seconds_count{account="default",action="simples"}',
  "talkme_sends_in_flight",
  "talkme_pickup_duration_seconds_count",
  "talkme_claims_total",
  "talkme_claim_duration_seconds_count",
  "talkme_last_successful_poll_timestamp_seconds",
  'talkme_circuit_open{account="default"}',
  "talkme_database_errors_total",
];

async function scrape(http: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${http}/metrics`);
  expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  const lines = (await response.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(" ")),
      Number(line.slice(line.lastIndexOf(" ") + 1)),
    ]),
  );
}

test("every documented metric is there and says what happened", async () => {
  const stage = await Stage.open();
  const syncd = stage.run();
  await stage.reaches(await stage.insert("11988887777"), "sent");
  await stage.reaches(await stage.insert("+51912345678"), "failed");

  const metrics = await scrape(await syncd.http());

  for (const name of promised) expect([...metrics.keys()]).toContain(name);
  expect(metrics.get('talkme_outbox_rows{status="sent"}')).toBe(1);
  expect(metrics.get('talkme_outbox_rows{status="failed"}')).toBe(1);
  expect(
    metrics.get('talkme_send_attempts_total{account="default",action="simples",outcome="accepted"}'),
  ).toBe(1);
  expect(metrics.get("talkme_pickup_duration_seconds_count")).toBe(2);
  expect(metrics.get("talkme_database_errors_total")).toBe(0);
  const now = Date.now() / 1000;
  expect(now - (metrics.get("talkme_last_successful_poll_timestamp_seconds") ?? 0)).toBeLessThan(30);
});

test("a waiting due row shows since when; a later row does not", async () => {
  const stage = await Stage.open();
  await stage.insert("11988887777", "account, send_at", "'vendas', now() - interval '1 hour'");
  await stage.insert("11988887777", "send_at", "now() + interval '1 hour'");
  const syncd = stage.run();
  await syncd.logged("sending");

  const oldest =
    (await scrape(await syncd.http())).get("talkme_outbox_oldest_pending_timestamp_seconds") ?? 0;
  expect(Date.now() / 1000 - oldest).toBeGreaterThan(3500);
  expect(Date.now() / 1000 - oldest).toBeLessThan(3700);
});

test("rows stopped by a pause or a closed window do not count as waiting too long", async () => {
  const stage = await Stage.open();
  const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
  const anotherDay = days[(new Date().getUTCDay() + 3) % 7];
  await stage.sql(`insert into talkme.campaign (id_campanha, name, sending_window) values
    (2, 'closed', '${anotherDay} 9:00-19:00')`);
  await stage.sql("select talkme.pause('campaign:3', 'wrong price')");
  for (const campaign of [2, 3])
    await stage.sql(`insert into talkme.outbox (numero_dest, id_campanha, send_at)
      values ('11988887777', ${campaign}, now() - interval '1 hour')`);
  const syncd = stage.run();
  await syncd.logged("sending");

  const metrics = await scrape(await syncd.http());
  expect(metrics.get("talkme_outbox_oldest_pending_timestamp_seconds")).toBe(0);
  expect(metrics.get("talkme_outbox_due_lanes")).toBe(0);
  for (const reason of ["pause", "window"]) {
    expect(metrics.get(`talkme_outbox_held_lanes{reason="${reason}"}`)).toBe(1);
    const since = metrics.get(`talkme_outbox_oldest_held_timestamp_seconds{reason="${reason}"}`) ?? 0;
    expect(Math.abs(Date.now() / 1000 - 3600 - since)).toBeLessThan(60);
  }
});

test("the probes answer with a reason, and unknown paths with 404", async () => {
  const stage = await Stage.open();
  const syncd = stage.run();
  await stage.reaches(await stage.insert("11988887777"), "sent");
  const http = await syncd.http();

  for (const path of ["livez", "readyz", "healthz"]) {
    const response = await fetch(`${http}/${path}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "ok", reasons: [] });
  }
  expect((await fetch(`${http}/`)).status).toBe(404);
});

test("counters stand at 0 from the start", async () => {
  const stage = await Stage.open();
  const syncd = stage.run({ TALKME_RATE_PER_SECOND: "5" });
  await syncd.logged("sending");

  const metrics = await scrape(await syncd.http());

  const zero = [
    'talkme_send_attempts_total{account="default",action="v2",outcome="unknown"}',
    'talkme_circuit_openings_total{account="default",kind="throttled"}',
    'talkme_circuit_transitions_total{account="default",to="closed"}',
    'talkme_passed_rows_total{account="default",code="outside_window"}',
    'talkme_passed_rows_total{account="default",code="forgotten"}',
    'talkme_rate_waits_total{scope="account:default"}',
    'talkme_rate_wait_seconds_total{scope="account:default"}',
    'talkme_collector_failures_total{collector="outbox"}',
    "talkme_stale_settlements_total",
    "talkme_repeated_turns_total",
    "talkme_rescued_rows_total",
    "talkme_listen_failures_total",
  ];
  expect(zero.map((name) => [name, metrics.get(name)])).toEqual(zero.map((name) => [name, 0]));
  expect(metrics.get('talkme_rate_limit_per_second{scope="account:default"}')).toBe(5);
  expect(metrics.get('talkme_instances{state="alive"}')).toBe(1);
  expect(metrics.get('talkme_table_size_bytes{table="outbox"}')).toBeGreaterThan(0);
});

test("a turn that waited in a customer's trigger is counted, and its row is still sent", async () => {
  const stage = await Stage.open();
  await stage.sql(`
    create table public.ledger (total integer);
    insert into public.ledger values (0);
    create function public.count_sent() returns trigger language plpgsql security definer as
      $$ begin update public.ledger set total = total + 1; return null; end $$;
    create trigger count_sent after update on talkme.outbox
      for each row when (new.status = 'sent') execute function public.count_sent();`);
  const lock = await lockWith(stage, "select total as id from public.ledger for update");
  const syncd = stage.run();
  const id = await stage.insert("11988887777");

  // Longer than the pause before it is logged again.
  await claimWaits(stage, 100);
  await lock.release();

  await stage.reaches(id, "sent");
  const http = await syncd.http();
  await expect.poll(async () => (await scrape(http)).get("talkme_repeated_turns_total")).toBe(1);
});

async function describedSnapshot(syncd: Syncd): Promise<unknown> {
  const verbose: unknown = await (await fetch(`${await syncd.http()}/readyz?verbose`)).json();
  return verbose !== null && typeof verbose === "object" && "oldest_snapshot" in verbose
    ? verbose.oldest_snapshot
    : null;
}

test("the session that keeps the oldest snapshot open is named until it releases it", async () => {
  const stage = await Stage.open();
  const reader = new Client({
    connectionString: stage.databaseUrl,
    application_name: "relatorio 11988887777",
  });
  await reader.connect();
  onTestFinished(() => reader.end());
  await reader.query("begin isolation level repeatable read");
  const { rows } = await reader.query("select pg_backend_pid()::text as pid");
  await reader.query("select from talkme.outbox");
  const syncd = stage.run();
  await stage.reaches(await stage.insert("11988887777"), "sent");
  await stage.reaches(await stage.insert("11988887778"), "sent");

  const holder = `talkme_oldest_snapshot_holder_info{kind="session",pid="${rows[0].pid}",application="relatorio #"}`;
  const http = await syncd.http();
  await expect.poll(async () => (await scrape(http)).get(holder)).toBe(1);
  // The daemon's user may not see the snapshot's age: it counts from when it first saw the snapshot.
  await expect
    .poll(async () => (await scrape(http)).get("talkme_oldest_snapshot_held_seconds"))
    .toBeGreaterThan(0);
  expect((await scrape(http)).get("talkme_oldest_snapshot_age_transactions")).toBeGreaterThan(0);
  expect(await describedSnapshot(syncd)).toMatchObject({
    kind: "session",
    pid: Number(rows[0].pid),
    application: "relatorio #",
  });

  await reader.query("commit");
  await expect.poll(async () => [...(await scrape(http)).keys()].includes(holder)).toBe(false);
});

test("an unreadable table fails no scrape: its metrics are missing, and the failure is counted", async () => {
  const stage = await Stage.open();
  const lock = await lockWith(stage, "lock table talkme.outbox in access exclusive mode");
  const syncd = stage.run();
  const http = await syncd.http();

  const blocked = await scrape(http);
  expect(blocked.get('talkme_collector_up{collector="outbox"}')).toBe(0);
  expect(blocked.get('talkme_collector_failures_total{collector="outbox"}')).toBe(1);
  expect(blocked.get("talkme_outbox_oldest_pending_timestamp_seconds")).toBeNaN();
  expect([...blocked.keys()].filter((name) => name.startsWith("talkme_outbox_rows"))).toEqual([]);
  expect(blocked.get('talkme_collector_up{collector="pipeline"}')).toBe(1);
  expect(blocked.get("talkme_sends_in_flight")).toBe(0);

  await lock.release();
  await expect.poll(async () => (await scrape(http)).get('talkme_collector_up{collector="outbox"}')).toBe(1);
});

test("waits for a rate are counted, and so is their time", async () => {
  const stage = await Stage.open();
  await stage.insertMany(1, 10);
  const syncd = stage.run({ TALKME_RATE_PER_SECOND: "2" });
  await expect.poll(() => stage.count("status = 'sent'")).toBeGreaterThan(4);

  const metrics = await scrape(await syncd.http());
  expect(metrics.get('talkme_rate_waits_total{scope="account:default"}')).toBeGreaterThan(1);
  expect(metrics.get('talkme_rate_wait_seconds_total{scope="account:default"}')).toBeGreaterThan(0.5);
});
