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

  let inserts = 0;
  const end = new AbortController();
  const traffic = (async () => {
    while (!end.signal.aborted) {
      await producer.query(
        "insert into talkme.outbox (numero_dest, id_campanha) select '11988887777', 1 from generate_series(1, 20)",
      );
      inserts += 1;
      await sleep(5);
    }
  })();
  try {
    await expect.poll(() => stage.sql(isListening)).toEqual([{ listening: false }]);
    const before = { inserts, notifications };
    await expect.poll(() => inserts, { timeout: 30_000 }).toBeGreaterThan(before.inserts + 100);
    // A machine that stands still for a moment makes a pause in the traffic.
    expect(notifications - before.notifications).toBeLessThan((inserts - before.inserts) / 5);
  } finally {
    end.abort();
    await traffic;
  }

  await expect.poll(() => stage.count("status <> 'sent'"), { timeout: 30_000 }).toBe(0);
  // Some ten milliseconds; were they found only when the traffic is over, it would be half a second.
  const [waits] = await stage.sql(
    "select percentile_cont(0.5) within group (order by extract(epoch from claimed_at - created_at)) as median from talkme.outbox",
  );
  expect(waits?.["median"]).toBeLessThan(0.2);
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
