import { sql } from "kysely";
import { describe, expect, test } from "vitest";

import { settlementOf, TestOutbox } from "./support/outbox.ts";

describe("a settlement", () => {
  test("of a locked row is not waited for, and is written on the next request", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(2);
    const [held, free] = await outbox.claim("a");
    if (held === undefined || free === undefined) throw new Error("Too few rows.");
    const settlements = [settlementOf(held, "a"), settlementOf(free, "a")];

    await outbox.db.transaction().execute(async (transaction) => {
      await sql`select from talkme.outbox where id = ${held.id} for update`.execute(transaction);
      expect(await outbox.settle(settlements)).toMatchObject({
        stale: [],
        locked: [held.id],
        repeated: true,
      });
      expect(await outbox.row(free.id)).toMatchObject({ status: "sent" });
      // Including that the other was accepted: if the instance dies now, nobody sends it again.
      expect(
        await outbox.ask("select string_agg(outbox_id::text, ',' order by outbox_id) from talkme.attempt"),
      ).toBe(`${held.id},${free.id}`);
    });

    expect(await outbox.settle([{ ...settlementOf(held, "a"), attempt: null }])).toMatchObject({
      stale: [],
      locked: [],
      repeated: false,
    });
    expect(await outbox.row(held.id)).toMatchObject({ status: "sent" });
    expect(await outbox.ask("select count(*) from talkme.attempt")).toBe("2");
  });

  test("waits half a second for a customer's trigger that waits for a lock, and is written on the next request", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(1);
    const [row] = await outbox.claim("a");
    if (row === undefined) throw new Error("No row.");
    await sql
      .raw(
        `
      create table public.ledger (total integer);
      insert into public.ledger values (0);
      create function public.count_sent() returns trigger language plpgsql security definer as
        $$ begin update public.ledger set total = total + 1; return null; end $$;
      create trigger count_sent after update on talkme.outbox
        for each row when (new.status = 'sent') execute function public.count_sent();`,
      )
      .execute(outbox.db);

    await outbox.db.transaction().execute(async (transaction) => {
      await sql`update public.ledger set total = total + 1`.execute(transaction);
      await expect(outbox.settle([settlementOf(row, "a")])).rejects.toMatchObject({ code: "55P03" });
      expect(await outbox.row(row.id)).toMatchObject({ status: "sending" });
    });

    expect(await outbox.settle([settlementOf(row, "a")])).toMatchObject({ stale: [], locked: [] });
    expect(await outbox.row(row.id)).toMatchObject({ status: "sent" });
    expect(await outbox.ask("select total from public.ledger")).toBe(2);
  });
});
