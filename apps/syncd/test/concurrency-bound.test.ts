import { describe, expect, test } from "vitest";

import { lockSendingRows } from "./support/locks.ts";
import { scrape } from "./support/scrape.ts";
import { Stage } from "./support/stage.ts";
import type { Syncd } from "./support/syncd.ts";

const concurrency = 4;
const settings = { TALKME_CONCURRENCY: String(concurrency) };

/**
 * Opens a stage that records, after every statement that changes the outbox, how many rows each instance has. Looking
 * at the table now and then would miss what lasts for one statement only.
 */
async function openWatched(): Promise<Stage> {
  const stage = await Stage.open();
  await stage.sql(`
    create table public.held (instance text not null, rows integer not null);
    create function public.write_down_held() returns trigger language plpgsql security definer as $$
    begin
      insert into public.held
      select claimed_by, count(*) from talkme.outbox where status = 'sending' group by claimed_by;
      return null;
    end
    $$;
    create trigger write_down_held after insert or update or delete on talkme.outbox
    for each statement execute function public.write_down_held();
  `);
  return stage;
}

async function mostHeldByOne(stage: Stage): Promise<unknown> {
  return (await stage.sql("select max(rows) as rows from public.held"))[0]?.["rows"];
}

/** Waits until this many answers have come and could not be written. */
async function settleBacklogIs(syncd: Syncd, answers: number): Promise<void> {
  const metrics = async (): Promise<string> => (await fetch(`${await syncd.http()}/metrics`)).text();
  await expect.poll(metrics).toContain(`talkme_settle_backlog ${answers}\n`);
}

describe("an instance never has more rows than TALKME_CONCURRENCY", () => {
  test.each([1, 2])("with slow answers and many rows, %i instance(s) at once", async (instances) => {
    const stage = await openWatched();
    stage.faults({ do: { kind: "latency", ms: 20, jitterMs: 60 } });
    await stage.insertSpread(120);
    for (let i = 0; i < instances; i += 1) stage.run(settings);

    await expect.poll(() => stage.count("status = 'sent'")).toBe(120);
    expect(await mostHeldByOne(stage)).toBe(concurrency);
    expect(await stage.sql("select count(distinct instance)::integer as instances from public.held")).toEqual(
      [{ instances }],
    );
    expect(stage.simulator.ledger.duplicates()).toEqual([]);
  });

  test("with answers that are lost, refused and retried", async () => {
    const stage = await openWatched();
    stage.faults(
      { match: { numeroEndsWith: "7" }, do: { kind: "drop", when: "after" } },
      { match: { numeroEndsWith: "1", firstPerRecipient: 1 }, do: { kind: "status", status: 503 } },
      { match: { numeroEndsWith: "3" }, do: { kind: "failure", shape: "json-error" } },
      { do: { kind: "latency", ms: 10, jitterMs: 30 } },
    );
    await stage.insertSpread(100);
    stage.run(settings);

    await expect.poll(() => stage.count("status in ('pending', 'sending')")).toBe(0);
    expect(await mostHeldByOne(stage)).toBe(concurrency);
  });

  // A row whose answer cannot be written is still `sending` and occupies its slot.
  test.each([1, 2, concurrency])("with %i of its rows locked when their answers come", async (locked) => {
    const stage = await openWatched();
    stage.faults({ do: { kind: "latency", ms: 20 } });
    const syncd = stage.run(settings);
    await stage.reaches(await stage.insert("11988887777"), "sent");
    stage.faults({ do: { kind: "latency", ms: 500 } });
    await stage.insertSpread(40);
    await expect.poll(() => stage.count("status = 'sending'")).toBe(concurrency);
    const lock = await lockSendingRows(stage, locked);
    stage.faults({ do: { kind: "latency", ms: 20 } });

    await settleBacklogIs(syncd, locked);
    const free = concurrency - locked;
    // Free slots send all other rows; without one, nothing moves.
    const others = free === 0 ? 0 : 40 - locked;
    await expect.poll(() => stage.count("status = 'sent'")).toBe(1 + others);
    expect(await stage.count(`id in (${lock.ids.join(", ")}) and status = 'sending'`)).toBe(locked);
    expect(await mostHeldByOne(stage)).toBe(concurrency);
    await lock.release();

    await expect.poll(() => stage.count("status = 'sent'")).toBe(41);
    expect(await mostHeldByOne(stage)).toBe(concurrency);
    expect(stage.simulator.ledger.size).toBe(41);
  });
});

test("the answer for a locked row is written soon after the lock is released, even by an instance that rarely polls", async () => {
  const stage = await openWatched();
  const syncd = stage.run({ TALKME_POLL_INTERVAL_MS: "60000" });
  // An insert notifies only registered listeners: one that began earlier is found by the next look.
  await expect
    .poll(async () => stage.sql("select listening from talkme.instance"))
    .toEqual([{ listening: true }]);
  stage.faults({ do: { kind: "latency", ms: 500 } });
  const id = await stage.insert("11988887777");
  await stage.reaches(id, "sending");
  const lock = await lockSendingRows(stage, 1);
  const statements = async (): Promise<unknown> => stage.sql("select count(*) from public.held");
  const before = await statements();
  await expect.poll(statements).not.toEqual(before);
  expect(await stage.row(id)).toMatchObject({ status: "sending" });
  const oldestSeconds = async (): Promise<number> =>
    (await scrape(syncd)).get("talkme_settle_oldest_seconds") ?? Number.NaN;
  await expect.poll(oldestSeconds).toBeGreaterThan(1);

  await lock.release();

  await expect.poll(async () => (await stage.row(id))["status"]).toBe("sent");
  await expect.poll(oldestSeconds).toBe(0);
});
