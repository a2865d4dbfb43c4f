import { describe, expect, test } from "vitest";

import { configFile } from "./support/config-file.ts";
import { Stage } from "./support/stage.ts";

/** A stage that records when each request came in, in milliseconds. */
async function openWithArrivals(): Promise<{ readonly stage: Stage; readonly arrivals: number[] }> {
  const arrivals: number[] = [];
  const stage = await Stage.open({ onRequest: () => arrivals.push(performance.now()) });
  return { stage, arrivals };
}

/** When the rows' requests began, in milliseconds, as the daemon recorded it: the API's side may stall. */
async function startsOf(stage: Stage, rows = "true"): Promise<readonly number[]> {
  const starts = await stage.sql(`
    select extract(epoch from t.started_at)::double precision * 1000 as ms
    from talkme.attempt as t join talkme.outbox as o on o.id = t.outbox_id where ${rows} order by 1`);
  return starts.map(({ ms }) => Number(ms));
}

/**
 * The highest rate, in requests a second, of all windows of that length. A busy machine slows single windows: a rate
 * reached in one was allowed, a rate reached in none was not.
 */
function highestRate(requests: readonly number[], windowMs: number): number {
  let first = 0;
  let most = 0;
  requests.forEach((atMs, i) => {
    while (atMs - (requests[first] ?? atMs) >= windowMs) first += 1;
    most = Math.max(most, i - first + 1);
  });
  return (most * 1000) / windowMs;
}

describe("the rate of an account", () => {
  test("holds for three instances together within 5 %, and no second exceeds the burst", async () => {
    const { stage, arrivals } = await openWithArrivals();
    const settings = { TALKME_RATE_PER_SECOND: "50", TALKME_CONCURRENCY: "8" };
    const instances = [stage.run(settings), stage.run(settings), stage.run(settings)];
    await Promise.all(instances.map((syncd) => syncd.logged("sending")));
    await stage.insertMany(1, 900);

    await expect.poll(() => highestRate(arrivals, 6000)).toBeGreaterThanOrEqual(47.5);
    const starts = await startsOf(stage);
    expect(highestRate(starts, 6000)).toBeLessThanOrEqual(52.5);
    expect(highestRate(starts, 1000)).toBeLessThanOrEqual(50 * 1.25 + 1);
  });

  test("drops after a 429: every instance waits as long as it asks, and the row loses no attempt", async () => {
    const stage = await Stage.open();
    stage.faults({ match: { nth: 20 }, do: { kind: "status", status: 429, retryAfterSeconds: 2 } });
    await stage.insertMany(1, 60);
    const settings = { TALKME_RATE_PER_SECOND: "40", TALKME_MAX_ATTEMPTS: "1" };
    const instances = [stage.run(settings), stage.run(settings)];

    await expect.poll(() => stage.count("status = 'sent'")).toBe(60);

    const starts = await startsOf(stage);
    const gaps = starts.map((atMs, i) => atMs - (starts[i - 1] ?? atMs));
    expect(Math.max(...gaps)).toBeGreaterThan(1800);
    expect(highestRate(starts.slice(gaps.findIndex((gapMs) => gapMs > 1800)), 1500)).toBeLessThan(26);
    expect(await stage.sql("select kind, slowdown from talkme.circuit")).toEqual([
      { kind: null, slowdown: 1 },
    ]);
    await Promise.all(instances.map((syncd) => syncd.logged("circuit opened: the account's rows wait")));
  });
});

test("a campaign's rate limits it across all instances, and no other campaign of its account", async () => {
  const { stage, arrivals } = await openWithArrivals();
  await stage.insertMany(7, 200);
  const config = configFile("rate_per_second: { 'campaign:7': 10 }");
  const settings = { TALKME_CONFIG: config, TALKME_RATE_PER_SECOND: "0" };
  for (let i = 0; i < 2; i += 1) stage.run(settings);

  await expect.poll(() => highestRate(arrivals, 4000)).toBeGreaterThanOrEqual(9);
  expect(highestRate(await startsOf(stage), 4000)).toBeLessThanOrEqual(11);

  await stage.insertMany(1, 300);
  await expect.poll(() => stage.count("id_campanha = 1 and status = 'sent'")).toBe(300);
  expect(await stage.count("id_campanha = 7 and status = 'pending'")).toBeGreaterThan(0);
});

/** Inserts 20 messages of campaign 1. */
const rows = (number: string, columns: string, values: string): string => `
  insert into talkme.outbox (numero_dest, id_campanha${columns})
  select ${number}, 1${values} from generate_series(1, 20) as i`;

test("rows that end without a request take nothing from the rate, whatever ends them", async () => {
  const stage = await Stage.open();
  await stage.sql(rows("'+5191234567' || i % 10", "", ""));
  await stage.sql(
    rows("'11977776666'", ", send_at, expires_at", ", now() - interval '2 hours', now() - interval '1 hour'"),
  );
  await stage.sql(rows("'11966665555'", "", ""));
  await stage.sql("insert into talkme.suppression (recipient, reason) values ('5511966665555', 'no')");
  await stage.insertMany(1, 3);
  stage.run({ TALKME_RATE_PER_SECOND: "1" });

  await expect.poll(() => stage.count("status = 'sent'"), { timeout: 30_000 }).toBe(3);
  expect(await stage.count("error_code in ('ambiguous_phone', 'expired', 'suppressed')")).toBe(60);
  // At the rate, the 20 that the client refuses would have taken as many seconds.
  const [ended] = await stage.sql(`
    select extract(epoch from max(finished_at) - min(finished_at))::float as seconds
    from talkme.outbox where error_code = 'ambiguous_phone'`);
  expect(ended?.["seconds"]).toBeLessThan(10);
  expect(highestRate(await startsOf(stage), 2000)).toBeLessThanOrEqual(2);
});

test("a channel's rate limits it across all its campaigns", async () => {
  const stage = await Stage.open();
  await stage.sql(`
    insert into talkme.outbox (numero_dest, id_campanha, id_wpp)
    select '11988' || lpad(i::text, 6, '0'), 1 + i % 3, 9 from generate_series(1, 100) as i`);
  stage.run({
    TALKME_CONFIG: configFile("rate_per_second: { 'channel:9': 20 }"),
    TALKME_RATE_PER_SECOND: "0",
  });

  await expect.poll(() => stage.count("status = 'sent'")).toBe(100);
  expect(highestRate(await startsOf(stage), 4000)).toBeLessThanOrEqual(22);
});
