import { describe, expect, test } from "vitest";

import { configFile } from "./support/config-file.ts";
import { Stage } from "./support/stage.ts";

/** A stage that notes when each request came in, in milliseconds. */
async function openWithArrivals(): Promise<{ readonly stage: Stage; readonly arrivals: number[] }> {
  const arrivals: number[] = [];
  const stage = await Stage.open({ onRequest: () => arrivals.push(performance.now()) });
  return { stage, arrivals };
}

/** The most requests within any second. */
function busiestSecond(arrivals: readonly number[]): number {
  let first = 0;
  let most = 0;
  arrivals.forEach((atMs, i) => {
    while (atMs - (arrivals[first] ?? atMs) >= 1000) first += 1;
    most = Math.max(most, i - first + 1);
  });
  return most;
}

/** Requests a second between two moments. */
function rateBetween(arrivals: readonly number[], fromMs: number, toMs: number): number {
  const count = arrivals.filter((atMs) => atMs >= fromMs && atMs < toMs).length;
  return (count * 1000) / (toMs - fromMs);
}

describe("the rate of an account", () => {
  test("holds for three instances together within 5 %, and no second has more than the burst", async () => {
    const { stage, arrivals } = await openWithArrivals();
    const settings = { TALKME_RATE_PER_SECOND: "50", TALKME_CONCURRENCY: "8" };
    const instances = [stage.run(settings), stage.run(settings), stage.run(settings)];
    await Promise.all(instances.map((syncd) => syncd.logged("sending")));
    await stage.insertMany(1, 900);

    // Six seconds after the first two, in which the account has to prove itself.
    await expect.poll(() => arrivals.length).toBeGreaterThan(420);

    const startMs = (arrivals[0] ?? 0) + 2000;
    const rate = rateBetween(arrivals, startMs, startMs + 6000);
    expect(rate).toBeGreaterThanOrEqual(47.5);
    expect(rate).toBeLessThanOrEqual(52.5);
    expect(busiestSecond(arrivals)).toBeLessThanOrEqual(50 * 1.25 + 1);
  });

  test("goes down after a 429: everybody waits as long as it asks for, the row loses no attempt", async () => {
    const { stage, arrivals } = await openWithArrivals();
    stage.faults({ match: { nth: 20 }, do: { kind: "status", status: 429, retryAfterSeconds: 2 } });
    await stage.insertMany(1, 60);
    const settings = { TALKME_RATE_PER_SECOND: "40", TALKME_MAX_ATTEMPTS: "1" };
    const instances = [stage.run(settings), stage.run(settings)];

    await expect.poll(() => stage.count("status = 'sent'")).toBe(60);

    const gaps = arrivals.map((atMs, i) => atMs - (arrivals[i - 1] ?? atMs));
    expect(Math.max(...gaps)).toBeGreaterThan(1800);
    const resumedAtMs = arrivals[gaps.findIndex((gapMs) => gapMs > 1800)] ?? 0;
    expect(rateBetween(arrivals, resumedAtMs, resumedAtMs + 1500)).toBeLessThan(26);
    expect(await stage.sql("select kind, slowdown from talkme.circuit")).toEqual([
      { kind: null, slowdown: 1 },
    ]);
    await Promise.all(instances.map((syncd) => syncd.logged("circuit opened: the account's rows wait")));
  });
});

test("a campaign's rate limits it over all instances, and no other campaign of its account", async () => {
  const { stage, arrivals } = await openWithArrivals();
  await stage.insertMany(7, 200);
  const config = configFile("rate_per_second: { 'campaign:7': 10 }");
  const settings = { TALKME_CONFIG: config, TALKME_RATE_PER_SECOND: "0" };
  for (let i = 0; i < 2; i += 1) stage.run(settings);

  await expect.poll(() => arrivals.length).toBeGreaterThan(50);
  const startMs = (arrivals[0] ?? 0) + 1000;
  const rate = rateBetween(arrivals, startMs, startMs + 4000);
  expect(rate).toBeGreaterThanOrEqual(9);
  expect(rate).toBeLessThanOrEqual(11);

  await stage.insertMany(1, 300);
  await expect.poll(() => stage.count("id_campanha = 1 and status = 'sent'")).toBe(300);
  expect(await stage.count("id_campanha = 7 and status = 'pending'")).toBeGreaterThan(0);
});

test("a channel's rate limits it, whatever its campaigns", async () => {
  const { stage, arrivals } = await openWithArrivals();
  await stage.sql(`
    insert into talkme.outbox (numero_dest, id_campanha, id_wpp)
    select '11988' || lpad(i::text, 6, '0'), 1 + i % 3, 9 from generate_series(1, 100) as i`);
  stage.run({
    TALKME_CONFIG: configFile("rate_per_second: { 'channel:9': 20 }"),
    TALKME_RATE_PER_SECOND: "0",
  });

  await expect.poll(() => arrivals.length).toBe(100);
  expect(rateBetween(arrivals, arrivals[0] ?? 0, (arrivals[0] ?? 0) + 4000)).toBeLessThanOrEqual(22);
});
