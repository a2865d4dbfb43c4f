import { describe, expect, test, type TestContext } from "vitest";

import { scrape } from "./support/scrape.ts";
import { Stage } from "./support/stage.ts";
import type { Syncd } from "./support/syncd.ts";
import { WrongClock } from "./support/wrong-clock.ts";

const hourSeconds = 3600;

/** Enough for a busy machine; a wrong clock would make it an hour. */
const atOnceSeconds = 10;

const wrong = [
  { direction: "ahead", offsetSeconds: hourSeconds },
  { direction: "behind", offsetSeconds: -hourSeconds },
] as const;

/** The log reports how wrong the clock is: readers who compare it with another machine's log have to know. */
async function loggedAheadSeconds(syncd: Syncd): Promise<number> {
  const { time } = await syncd.logged("sending");
  return (Date.parse(String(time)) - Date.now()) / 1000;
}

/** A number that the database computes from a row. */
async function measure(stage: Stage, id: string, expression: string): Promise<number> {
  const [row] = await stage.sql(`
    select extract(epoch from ${expression})::double precision as seconds
    from talkme.outbox o left join talkme.attempt t on t.outbox_id = o.id where o.id = ${id}
  `);
  return Number(row?.["seconds"]);
}

/** Waits until an instance has reached that age by the database's clock. */
async function livesFor(stage: Stage, seconds: number, instances = 1): Promise<void> {
  await expect
    .poll(() =>
      stage.sql(
        `select count(*)::integer as n from talkme.instance where heartbeat_at - started_at > '${seconds} s'`,
      ),
    )
    .toEqual([{ n: instances }]);
}

test("when the database's clock jumps an hour forward, living instances are not declared dead and keep their rows", async () => {
  const stage = await Stage.open();
  const settings = { TALKME_LEASE_SECONDS: "3", TALKME_ON_UNKNOWN: "resend" };
  const instances = [stage.run(settings), stage.run(settings), stage.run(settings)];
  // By now each of them may declare others dead.
  await livesFor(stage, 4, 3);
  stage.faults({ do: { kind: "latency", ms: 2500 } });
  await stage.insertMany(1, 6);
  await stage.insertMany(2, 6);
  await expect.poll(() => stage.count("status = 'sending'")).toBeGreaterThan(0);

  // To its readers, that is a clock that went forward.
  await stage.sql("update talkme.instance set heartbeat_at = heartbeat_at - interval '1 hour'");
  await expect.poll(() => stage.count("status = 'sent'")).toBe(12);

  expect(stage.simulator.ledger.duplicates()).toEqual([]);
  const messages = instances.flatMap(({ log }) => log.map(({ msg }) => msg));
  expect(messages).not.toContain("was declared dead, and is back under another name");
  expect(messages).not.toContain("the instance that was sending this row died");
});

describe.each(wrong)("with a clock an hour $direction", ({ offsetSeconds }) => {
  test("a due row is sent at once, and one due in 2 s is sent then and no sooner", async (context) => {
    const clock = await WrongClock.open(context, offsetSeconds);
    const stage = await Stage.open();
    const syncd = clock.run(stage);
    expect(Math.abs((await loggedAheadSeconds(syncd)) - offsetSeconds)).toBeLessThan(60);

    const later = await stage.insert("11988887772", "send_at", "now() + interval '2 s'");
    const now = await stage.insert("11988887771");
    await stage.reaches(now, "sent");
    await stage.reaches(later, "sent");

    expect(await measure(stage, now, "o.finished_at - o.due_at")).toBeLessThan(atOnceSeconds);
    const lateSeconds = await measure(stage, later, "t.started_at - o.send_at");
    expect(lateSeconds).toBeGreaterThanOrEqual(0);
    expect(lateSeconds).toBeLessThan(atOnceSeconds);
    const pickup = (await scrape(syncd)).get("talkme_pickup_duration_seconds_sum") ?? Number.NaN;
    expect(pickup).toBeGreaterThanOrEqual(0);
    expect(pickup).toBeLessThan(2 * atOnceSeconds);
  });

  test("a row expires when the database says so", async (context) => {
    const clock = await WrongClock.open(context, offsetSeconds);
    const stage = await Stage.open();
    stage.faults({
      match: { numero: "11988887772" },
      do: { kind: "status", status: 503, retryAfterSeconds: 4 },
    });
    await clock.run(stage).logged("sending");

    const inTime = await stage.insert("11988887771", "expires_at", "now() + interval '30 min'");
    const late = await stage.insert("11988887772", "expires_at", "now() + interval '3 s'");

    await stage.reaches(inTime, "sent");
    await stage.reaches(late, "expired");
    expect(await measure(stage, late, "o.finished_at - o.expires_at")).toBeGreaterThanOrEqual(0);
    expect(stage.simulator.requests).toBe(2);
  });

  test("a retry waits as long as Retry-After asks, in seconds or as a date by the API's clock", async (context) => {
    const clock = await WrongClock.open(context, offsetSeconds);
    const stage = await Stage.open();
    const forms = { "11988887771": "seconds", "11988887772": "http-date" } as const;
    const asks = { kind: "status", status: 503, retryAfterSeconds: 30 } as const;
    stage.faults(
      ...Object.entries(forms).map(([numero, retryAfterForm]) => ({
        match: { numero },
        do: { ...asks, retryAfterForm },
      })),
    );
    clock.run(stage);

    for (const numero of Object.keys(forms)) {
      const id = await stage.insert(numero);
      const retryAt = async (): Promise<unknown> => (await stage.row(id))["retry_at"];
      await expect.poll(retryAt).toBeInstanceOf(Date);

      expect(await stage.row(id)).toMatchObject({ status: "pending", attempts: 1 });
      const waitSeconds = await measure(stage, id, "o.retry_at - t.started_at");
      // A date has no fractions of a second, and the answer's Date may be a second old.
      expect(waitSeconds).toBeGreaterThan(28.9);
      expect(waitSeconds).toBeLessThan(31 + atOnceSeconds);
    }
  });

  test("an attempt is recorded with its true start time", async (context) => {
    const clock = await WrongClock.open(context, offsetSeconds);
    const stage = await Stage.open();
    stage.faults({ do: { kind: "latency", ms: 1000 } });
    clock.run(stage);

    const id = await stage.insert("11988887771");
    await stage.reaches(id, "sent");

    const afterClaim = await measure(stage, id, "t.started_at - o.claimed_at");
    expect(afterClaim).toBeGreaterThan(-0.1);
    expect(afterClaim).toBeLessThan(atOnceSeconds);
    const beforeEnd = await measure(stage, id, "o.finished_at - t.started_at");
    expect(beforeEnd).toBeGreaterThan(0.9);
    expect(beforeEnd).toBeLessThan(atOnceSeconds);
  });

  test("metrics that hold times are right", async (context) => {
    const clock = await WrongClock.open(context, offsetSeconds);
    const stage = await Stage.open();
    await stage.insert("11988887771", "account, send_at", "'vendas', now() - interval '10 min'");
    const syncd = clock.run(stage);
    await stage.reaches(await stage.insert("11988887772"), "sent");

    const metrics = await scrape(syncd);
    const ageSeconds = (name: string): number => Date.now() / 1000 - (metrics.get(name) ?? Number.NaN);
    const oldest = ageSeconds("talkme_outbox_oldest_pending_timestamp_seconds");
    expect.soft(Math.abs(oldest - 600)).toBeLessThan(30);
    expect.soft(Math.abs(ageSeconds("talkme_last_successful_poll_timestamp_seconds"))).toBeLessThan(30);
  });
});

test("instances with right, fast and slow clocks coexist, and none rescues another's rows", async (context) => {
  const stage = await Stage.open({ keepLedger: true });
  // Longer than two leases, so that each looks for the dead while all have requests on the wire.
  stage.faults({ match: { numeroEndsWith: "00" }, do: { kind: "latency", ms: 7000 } });
  const settings = { TALKME_LEASE_SECONDS: "3", TALKME_CONCURRENCY: "2" };
  const clocks = await Promise.all(wrong.map(({ offsetSeconds }) => WrongClock.open(context, offsetSeconds)));
  const all = [stage.run(settings), ...clocks.map((clock) => clock.run(stage, settings))];
  await Promise.all(all.map((syncd) => syncd.logged("sending")));
  await livesFor(stage, 4, all.length);
  const senders = async (condition: string): Promise<number> => {
    const [row] = await stage.sql(
      `select count(distinct claimed_by)::integer as n from talkme.outbox where ${condition}`,
    );
    return Number(row?.["n"]);
  };
  // Until an answer succeeds, only few requests are made at a time.
  let numero = 11970000001;
  await expect
    .poll(async () => stage.insert(String(numero++)).then(() => senders("status = 'sent'")))
    .toBe(all.length);
  await stage.sql(
    "insert into talkme.outbox (numero_dest, id_campanha) select '119' || (80000000 + 100 * i), 1 from generate_series(1, 6) i",
  );
  await expect.poll(() => senders("status = 'sending'")).toBe(all.length);

  await expect.poll(() => stage.count("status <> 'sent'")).toBe(0);
  expect(await stage.sql("select distinct attempts from talkme.outbox")).toEqual([{ attempts: 1 }]);
  expect(stage.simulator.ledger.duplicates()).toEqual([]);
  for (const syncd of all) {
    expect((await scrape(syncd)).get("talkme_rescued_rows_total")).toBe(0);
    expect(syncd.log.filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
  }
});

// If either went by its own clock, it would be two hours off: far too early in one case, too late in the other.
test.for([
  { dying: "ahead", dyingOffsetSeconds: hourSeconds, rescuer: "behind" },
  { dying: "behind", dyingOffsetSeconds: -hourSeconds, rescuer: "ahead" },
])(
  "an instance whose clock is $rescuer rescues the rows of a dead one whose clock was $dying after the lease, no sooner",
  async ({ dyingOffsetSeconds }, context) => {
    const dyingClock = await WrongClock.open(context, dyingOffsetSeconds);
    const rescuerClock = await WrongClock.open(context, -dyingOffsetSeconds);
    const stage = await Stage.open();
    stage.faults({ do: { kind: "hang", when: "after" } });
    const settings = { TALKME_LEASE_SECONDS: "3" };
    const dying = dyingClock.run(stage, settings);
    const id = await stage.insert("11988887771");
    await expect.poll(() => stage.simulator.ledger.size).toBe(1);
    await dyingClock.kill(dying);

    rescuerClock.run(stage, settings);

    expect(await stage.reaches(id, "unknown")).toMatchObject({ error_code: "instance_lost" });
    expect(await measure(stage, id, "clock_timestamp() - o.claimed_at")).toBeGreaterThan(3);
  },
);

async function jumps(context: Pick<TestContext, "skip">, offsetSeconds: number): Promise<void> {
  const clock = await WrongClock.open(context, 0);
  const stage = await Stage.open();
  const syncd = clock.run(stage, { TALKME_LEASE_SECONDS: "3" });
  await syncd.logged("sending");
  const later = await stage.insert("11988887772", "send_at", "now() + interval '3 s'");
  await stage.reaches(await stage.insert("11988887771"), "sent");

  await clock.set(offsetSeconds);

  // Rows of an unconfigured account are never claimed: only the sweep finds them overdue.
  const overdue = await stage.insert(
    "11988887774",
    "account, expires_at",
    "'vendas', now() + interval '1 s'",
  );
  const now = await stage.insert("11988887773");
  await stage.reaches(now, "sent");
  await stage.reaches(later, "sent");
  expect(await measure(stage, now, "o.finished_at - o.due_at")).toBeLessThan(atOnceSeconds);
  const lateSeconds = await measure(stage, later, "t.started_at - o.send_at");
  expect(lateSeconds).toBeGreaterThanOrEqual(0);
  expect(lateSeconds).toBeLessThan(atOnceSeconds);

  await livesFor(stage, 7);
  const jumped = syncd.log.find(({ id, msg }) => id === now && msg === "sent");
  const loggedAt = Date.parse(String(jumped?.["time"]));
  expect(Math.abs((loggedAt - Date.now()) / 1000 - offsetSeconds)).toBeLessThan(60);
  const metrics = await scrape(syncd);
  const polledAt = metrics.get("talkme_last_successful_poll_timestamp_seconds") ?? Number.NaN;
  expect(Math.abs(Date.now() / 1000 - polledAt)).toBeLessThan(30);
  expect((await fetch(`${await syncd.http()}/readyz`)).status).toBe(200);

  await expect.poll(() => stage.row(overdue)).toMatchObject({ status: "expired" });
  const lines = `${syncd.output}${syncd.errors}`.split("\n").filter((line) => line !== "");
  expect(lines.find((line) => !line.startsWith('{"level"'))).toBeUndefined();
}

test("a clock that jumps while the daemon runs delays no row, sends none early and stops no maintenance", async (context) => {
  // In parallel: most of the time is spent waiting for the sweep, which comes every fifteen seconds.
  const outcomes = await Promise.allSettled(wrong.map((one) => jumps(context, one.offsetSeconds)));
  const well = { status: "fulfilled", value: undefined };
  expect(wrong.map(({ direction }, i) => ({ direction, outcome: outcomes[i] }))).toEqual(
    wrong.map(({ direction }) => ({ direction, outcome: well })),
  );
});
