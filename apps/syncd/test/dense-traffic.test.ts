import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { countFunctionCalls } from "./support/function-calls.ts";
import { Stage } from "./support/stage.ts";

const isListening = "select listening from talkme.instance";

test("while traffic is dense inserts notify nobody, no row waits for long, and afterwards inserts are told again", async () => {
  const stage = await Stage.open();
  // The next look by the clock is far away: what is sent was noticed in another way.
  const syncd = stage.run({
    TALKME_RATE_PER_SECOND: "0",
    TALKME_CONCURRENCY: "64",
    TALKME_POLL_INTERVAL_MS: "60000",
  });
  await syncd.logged("sending");
  await expect.poll(() => stage.sql(isListening)).toEqual([{ listening: true }]);
  await stage.reaches(await stage.insert("11988887777"), "sent");

  const producer = await stage.connect();
  const ear = await stage.connect();
  let notifications = 0;
  ear.on("notification", () => (notifications += 1));
  await ear.query("listen talkme_outbox");

  /** How many notifications had come when each insert was made. */
  const heardBefore: number[] = [];
  const fewestInAHundred = (): number =>
    Math.min(...heardBefore.slice(100).map((heard, i) => heard - (heardBefore[i] ?? 0)));
  const end = new AbortController();
  const traffic = (async () => {
    while (!end.signal.aborted) {
      await producer.query(
        "insert into talkme.outbox (numero_dest, id_campanha) select '11988887777', 1 from generate_series(1, 20)",
      );
      heardBefore.push(notifications);
      await sleep(5);
    }
  })();
  try {
    await expect.poll(() => stage.sql(isListening)).toEqual([{ listening: false }]);
    // A machine that stands still makes a pause in the traffic, after which some inserts notify.
    await expect.poll(fewestInAHundred, { timeout: 60_000 }).toBeLessThan(20);
  } finally {
    end.abort();
    await traffic;
  }

  await expect.poll(() => stage.count("status <> 'sent'"), { timeout: 30_000 }).toBe(0);
  // Were they found only when the traffic is over, the median would be half of its time, on any machine.
  const [waits] = await stage.sql(`
    select percentile_cont(0.5) within group (order by claimed_at - created_at) < (max(created_at) - min(created_at)) / 5 as short
    from talkme.outbox where created_at > (select min(created_at) from talkme.outbox)`);
  expect(waits).toEqual({ short: true });
  await expect.poll(() => stage.sql(isListening)).toEqual([{ listening: true }]);
  const heard = notifications;
  await stage.reaches(await stage.insert("11988887777"), "sent");
  expect(notifications).toBeGreaterThan(heard);
});

test("a backlog is not looked at again at every turn: while an old snapshot is held, each look walks over all that was sent", async () => {
  const stage = await Stage.open();
  const calls = await countFunctionCalls(stage);
  await stage.insertMany(1, 3000);
  const syncd = stage.run({
    TALKME_RATE_PER_SECOND: "0",
    TALKME_CONCURRENCY: "64",
    TALKME_POLL_INTERVAL_MS: "60000",
  });
  await expect.poll(() => stage.count("status <> 'sent'"), { timeout: 30_000 }).toBe(0);
  syncd.signal("SIGTERM");
  await syncd.exit();

  await expect.poll(() => calls("settle_and_claim")).toBeGreaterThan(20);
  expect(await calls("read_queue")).toBeLessThan((await calls("settle_and_claim")) / 3);
});
