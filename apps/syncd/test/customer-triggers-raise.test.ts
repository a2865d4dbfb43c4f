import { describe, expect, test } from "vitest";

import { addCustomerTrigger } from "./support/customer-trigger.ts";
import { Stage } from "./support/stage.ts";

/** Errors that a trigger may raise, whatever their class means when the server raises it. */
const codes = [
  "P0001",
  "P0002",
  "TK001",
  "08006",
  "0A000",
  "22012",
  "23505",
  "25006",
  "26000",
  "28000",
  "3D000",
  "40001",
  "40P01",
  "42501",
  "42883",
  "53100",
  "53300",
  "55P03",
  "57014",
  "57P01",
  "58030",
  "XX000",
  "XX001",
];
const bad = "metadata is not null";

/** A row for each code the trigger raises, each with a good neighbour behind it and one in another lane. */
async function insertAmongGoodRows(stage: Stage): Promise<void> {
  for (const [i, code] of codes.entries()) {
    await stage.sql(`
      insert into talkme.outbox (numero_dest, id_campanha, metadata) values
        ('119888822${String(10 + i)}', 1, '{"raise":"${code}"}'),
        ('119888833${String(10 + i)}', 1, null),
        ('119888844${String(10 + i)}', 2, null)`);
  }
  await stage.sql(
    `insert into talkme.outbox (numero_dest, id_campanha, metadata) values ('11988885510', 3, '{"strict":true}')`,
  );
}

describe.each(["before", "after", "deferred"] as const)(
  "any error that a trigger (%s) raises for a row",
  (timing) => {
    test("at its claim fails that row alone: its neighbours are sent", async () => {
      const stage = await Stage.open();
      await addCustomerTrigger(stage, { when: "new.status = 'sending'", timing });
      await insertAmongGoodRows(stage);
      const syncd = stage.run();

      await expect.poll(() => stage.count(`not (${bad}) and status = 'sent'`)).toBe(2 * codes.length);
      await expect.poll(() => stage.count(`${bad} and status = 'failed'`)).toBe(codes.length + 1);
      expect(await stage.sql(`select distinct error_code, attempts from talkme.outbox where ${bad}`)).toEqual(
        [{ error_code: "row_unclaimable", attempts: 0 }],
      );
      expect(stage.simulator.ledger.size).toBe(2 * codes.length);
      expect(stage.simulator.ledger.duplicates()).toEqual([]);
      syncd.signal("SIGTERM");
      expect(await syncd.exit()).toBe(0);
    });

    test("when it becomes sent leaves that row alone unknown: its neighbours are sent", async () => {
      const stage = await Stage.open();
      await addCustomerTrigger(stage, { when: "new.status = 'sent'", timing });
      await insertAmongGoodRows(stage);
      const syncd = stage.run();

      await expect.poll(() => stage.count(`not (${bad}) and status = 'sent'`)).toBe(2 * codes.length);
      await expect.poll(() => stage.count(`${bad} and status = 'unknown'`)).toBe(codes.length + 1);
      expect(await stage.sql(`select distinct error_code from talkme.outbox where ${bad}`)).toEqual([
        { error_code: "answer_refused" },
      ]);
      expect(stage.simulator.ledger.duplicates()).toEqual([]);
      syncd.signal("SIGTERM");
      expect(await syncd.exit()).toBe(0);
    });
  },
);
