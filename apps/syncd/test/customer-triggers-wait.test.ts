import { describe, expect, test } from "vitest";

import { addCustomerTrigger } from "./support/customer-trigger.ts";
import { lockWith } from "./support/locks.ts";
import { Stage } from "./support/stage.ts";
import type { Syncd } from "./support/syncd.ts";

const lockOrder = "select id::text from public.orders where id = 1 for update";
const lockedOrder = `'{"order":1}'`;

async function readyz(syncd: Syncd): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(`${await syncd.http()}/readyz`);
  return { status: response.status, body: await response.text() };
}

/** Sends 40 rows of two lanes beside one whose trigger waits for a lock. */
async function sendBesideALockedOne(trigger: Parameters<typeof addCustomerTrigger>[1]): Promise<{
  readonly stage: Stage;
  readonly lock: Awaited<ReturnType<typeof lockWith>>;
  readonly waiting: string;
  readonly syncd: Syncd;
}> {
  const stage = await Stage.open();
  await addCustomerTrigger(stage, trigger);
  const lock = await lockWith(stage, lockOrder);
  const waiting = await stage.insert("11988887770", "metadata", lockedOrder);
  await stage.insertMany(1, 20);
  await stage.insertMany(2, 20);
  const syncd = stage.run({ TALKME_LEASE_SECONDS: "6" });
  await expect.poll(() => stage.count("status = 'sent'"), { timeout: 60_000 }).toBe(40);
  return { stage, lock, waiting, syncd };
}

describe("a row whose trigger waits for a row that a customer has locked", () => {
  test.each(["before", "deferred"] as const)(
    "at its claim (%s) waits alone: neighbours and other lanes are sent at once, and it is sent after the lock",
    async (timing) => {
      const trigger = { when: "new.status = 'sending'", timing };
      const { stage, lock, waiting, syncd } = await sendBesideALockedOne(trigger);

      expect(await stage.row(waiting)).toMatchObject({ status: "pending", attempts: 0 });
      expect(
        await syncd.logged("a row waits: its trigger waits for a lock, or takes too long"),
      ).toMatchObject({ id: waiting });
      await expect.poll(async () => (await readyz(syncd)).body).toContain("orders");

      await lock.release();
      await stage.reaches(waiting, "sent");
      await expect.poll(async () => (await readyz(syncd)).body).not.toContain("orders");
      expect(stage.simulator.ledger.duplicates()).toEqual([]);
    },
  );

  test("when it becomes sent waits alone, and is settled when the lock is released", async () => {
    const { stage, lock, waiting, syncd } = await sendBesideALockedOne({ when: "new.status = 'sent'" });

    expect(await stage.row(waiting)).toMatchObject({ status: "sending", attempts: 1 });
    await expect.poll(async () => (await readyz(syncd)).body).toContain("orders");

    await lock.release();
    await stage.reaches(waiting, "sent");
    expect(stage.simulator.ledger.size).toBe(41);
    expect(stage.simulator.ledger.duplicates()).toEqual([]);
  });

  test("of a whole campaign does not hold up others or take their slots", async () => {
    const stage = await Stage.open();
    await addCustomerTrigger(stage, { when: "new.status in ('sending', 'sent')" });
    const lock = await lockWith(stage, lockOrder);
    await stage.insertMany(1, 60);
    await stage.sql(`update talkme.outbox set metadata = ${lockedOrder}`);
    const syncd = stage.run({ TALKME_LEASE_SECONDS: "6" });
    await syncd.logged("a row waits: its trigger waits for a lock, or takes too long");
    for (let i = 0; i < 5; i += 1) {
      await stage.insertMany(2 + i, 10);
      await expect
        .poll(() => stage.count(`id_campanha = ${2 + i} and status = 'sent'`), {
          interval: 20,
          timeout: 60_000,
        })
        .toBe(10);
    }
    await lock.release();
    await expect.poll(() => stage.count("status = 'sent'"), { timeout: 90_000 }).toBe(110);
    expect(stage.simulator.ledger.duplicates()).toEqual([]);
  });

  test("makes the instance unready while nothing moves, and /readyz says what it waits for", async () => {
    const stage = await Stage.open();
    await addCustomerTrigger(stage, { when: "new.status = 'sending'" });
    const lock = await lockWith(stage, "lock table public.orders");
    await stage.insert("11988887770", "metadata", lockedOrder);
    const syncd = stage.run({ TALKME_LEASE_SECONDS: "6" });

    await expect.poll(async () => (await readyz(syncd)).status, { timeout: 60_000 }).toBe(503);
    await expect.poll(async () => (await readyz(syncd)).body, { timeout: 60_000 }).toContain("public.orders");
    await lock.release();
    await expect.poll(() => readyz(syncd), { timeout: 60_000 }).toMatchObject({ status: 200 });
    await expect.poll(() => stage.count("status = 'sent'")).toBe(1);
  });
});
