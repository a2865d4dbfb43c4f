import { describe, expect, test } from "vitest";

import { addCustomerTrigger } from "./support/customer-trigger.ts";
import { Stage } from "./support/stage.ts";

const settings = { TALKME_LEASE_SECONDS: "6", TALKME_CONCURRENCY: "32" };

describe.each(["before", "after", "deferred"] as const)("a slow trigger (%s)", (timing) => {
  test.each([
    { seconds: 1.2, rows: 5 },
    { seconds: 0.3, rows: 12 },
  ])(
    "that takes $seconds s a row slows only its own rows, and no claim comes too late",
    async ({ seconds, rows }) => {
      const stage = await Stage.open();
      await addCustomerTrigger(stage, { when: "new.status = 'sending'", timing });
      await stage.reaches(await (stage.run(settings), stage.insert("11988887700")), "sent");
      await stage.sql(`
        insert into talkme.outbox (numero_dest, id_campanha, metadata)
        select '1198888' || (1000 + i), 5, '{"seconds":${seconds}}' from generate_series(1, 100) as i`);

      await expect
        .poll(() => stage.count("id_campanha = 5 and status = 'sent'"), { timeout: 60_000 })
        .toBeGreaterThanOrEqual(rows);
      await stage.insertMany(2, 50);
      await expect
        .poll(() => stage.count("id_campanha = 2 and status = 'sent'"), { timeout: 60_000 })
        .toBe(50);
      // The slow campaign's rows are not through yet.
      expect(await stage.count("id_campanha = 5 and status = 'pending'")).toBeGreaterThan(0);
      expect(await stage.count("error_code = 'claim_late'")).toBe(0);
      expect(stage.simulator.ledger.duplicates()).toEqual([]);
    },
  );
});

test("a trigger that takes 1.2 s for every change of every row lets rows flow as fast as it allows", async () => {
  const stage = await Stage.open();
  await addCustomerTrigger(stage, { when: "true" });
  await stage.sql(`
    insert into talkme.outbox (numero_dest, id_campanha, metadata)
    select '1198888' || (1000 + i), 1 + i % 3, '{"seconds":1.2}' from generate_series(1, 60) as i`);
  const syncd = stage.run(settings);

  await expect.poll(() => stage.count("status = 'sent'"), { timeout: 90_000 }).toBeGreaterThanOrEqual(8);
  expect(syncd.log.filter(({ code }) => code === "claim_late")).toEqual([]);
  expect(stage.simulator.ledger.duplicates()).toEqual([]);
});

test("a trigger that takes 0.5 s whenever a row of one campaign is sent leaves other campaigns their slots and pace", async () => {
  const stage = await Stage.open();
  await addCustomerTrigger(stage, { when: "new.status = 'sent'", timing: "after" });
  await stage.reaches(await (stage.run(settings), stage.insert("11988887700")), "sent");
  await stage.sql(`
    insert into talkme.outbox (numero_dest, id_campanha, metadata)
    select '1198888' || (1000 + i), 5, '{"seconds":0.5}' from generate_series(1, 200) as i`);
  await expect.poll(() => stage.count("id_campanha = 5 and status = 'sent'")).toBeGreaterThan(4);

  await stage.insertMany(2, 200);
  await expect.poll(() => stage.count("id_campanha = 2 and status = 'sent'"), { timeout: 60_000 }).toBe(200);
  // The slow campaign cannot have sent this many.
  expect(await stage.count("id_campanha = 5 and status = 'pending'")).toBeGreaterThan(0);
  const before = await stage.count("id_campanha = 5 and status = 'sent'");
  await expect
    .poll(() => stage.count("id_campanha = 5 and status = 'sent'"), { timeout: 60_000 })
    .toBeGreaterThan(before + 3);
  expect(await stage.count("id_campanha = 5 and status = 'sending'")).toBeLessThanOrEqual(32);
  expect(stage.simulator.ledger.duplicates()).toEqual([]);
});
