import { expect, test } from "vitest";

import { Stage } from "./support/stage.ts";

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

test("every promised metric is there, and says what happened", async () => {
  const stage = await Stage.open();
  const syncd = stage.run();
  await stage.reaches(await stage.insert("11988887777"), "sent");
  await stage.reaches(await stage.insert("20988887777"), "failed");

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

test("a due row that waits shows since when, and a later one does not", async () => {
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

test("the probes answer with a reason, and what does not exist is 404", async () => {
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
