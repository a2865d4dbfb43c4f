import { expect, test } from "vitest";

import { addCustomerTrigger } from "./support/customer-trigger.ts";
import { lockWith } from "./support/locks.ts";
import { Stage } from "./support/stage.ts";

test("a row whose trigger terminates the claiming connection waits, and its neighbours are sent", async () => {
  const stage = await Stage.open();
  await stage.sql(`
    create function public.hang_up() returns trigger language plpgsql security definer as $$
    begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
    create trigger hang_up before update on talkme.outbox for each row
    when (new.numero_dest = '11988887770' and new.status = 'sending') execute function public.hang_up()`);
  const waiting = await stage.insert("11988887770");
  await stage.insertMany(1, 20);
  await stage.insertMany(2, 20);
  stage.run();

  await expect.poll(() => stage.count("status = 'sent'")).toBe(40);
  expect(await stage.row(waiting)).toMatchObject({ status: "pending", attempts: 0 });
  expect(stage.simulator.ledger.duplicates()).toEqual([]);
});

test("when a trigger refuses an attempt's record, its row and its neighbours keep their answers", async () => {
  const stage = await Stage.open();
  await stage.insert("11988887770");
  await stage.sql(`
    create function public.no_attempt() returns trigger language plpgsql as $$
    begin raise exception 'no' using errcode = '53100'; end $$;
    create trigger no_attempt before insert on talkme.attempt for each row
    when (new.outbox_id = 1) execute function public.no_attempt()`);
  await stage.insertMany(1, 20);
  stage.run();

  await expect.poll(() => stage.count("status = 'sent'")).toBe(21);
  expect(await stage.sql("select count(*)::integer as recorded from talkme.attempt")).toEqual([
    { recorded: 20 },
  ]);
});

test("a row that a trigger keeps from ending is not sent, and its neighbours are", async () => {
  const stage = await Stage.open();
  await addCustomerTrigger(stage, { when: "new.status in ('cancelled', 'expired')" });
  const suppressed = await stage.insert("11988887770", "metadata", `'{"raise":"P0002"}'`);
  // Although the claim cannot cancel the row.
  await stage.sql("select talkme.suppress('11988887770', 'asked for it')");
  expect(await stage.row(suppressed)).toMatchObject({ status: "pending" });
  const overdue = await stage.insert(
    "11988887771",
    "metadata, expires_at",
    `'{"raise":"TK001"}', now() + interval '10 milliseconds'`,
  );
  await stage.insertMany(1, 20);
  stage.run();

  await expect.poll(() => stage.count("status = 'sent'")).toBe(20);
  for (const id of [suppressed, overdue]) {
    expect(await stage.reaches(id, "failed")).toMatchObject({ error_code: "row_unclaimable" });
  }
  expect(stage.simulator.ledger.size).toBe(20);
});

test("even with a single slot, a row whose trigger waits holds up no other", async () => {
  const stage = await Stage.open();
  await addCustomerTrigger(stage, { when: "new.status = 'sending'" });
  const lock = await lockWith(stage, "select id::text from public.orders where id = 1 for update");
  const waiting = await stage.insert("11988887770", "metadata", `'{"order":1}'`);
  await stage.insertMany(1, 5);
  await stage.insertMany(2, 5);
  stage.run({ TALKME_CONCURRENCY: "1" });

  await expect.poll(() => stage.count("status = 'sent'")).toBe(10);
  await lock.release();
  await stage.reaches(waiting, "sent");
});

test("an answer that a trigger refuses for a while is never recorded without its attempt", async () => {
  const stage = await Stage.open();
  const refusals = [1, 2, 3, 4, 5];
  await stage.sql(`
    ${refusals.map((times) => `create sequence public.refused_${times};`).join("\n")}
    create function public.refuse() returns trigger language plpgsql security definer as $$
    begin
      -- What a sequence has counted stays when its transaction is rolled back.
      if nextval('public.refused_' || (new.metadata->>'times')) <= (new.metadata->>'times')::integer then
        raise exception 'not yet' using errcode = '40001';
      end if;
      return new;
    end $$;
    create trigger refuse before update on talkme.outbox for each row
    when (new.status = 'sent') execute function public.refuse()`);
  for (const times of refusals) {
    await stage.insert(`1198888777${times}`, "metadata", `'{"times":${times}}'`);
  }
  // Answers come one by one, so that a refusal counts for one row.
  stage.run({ TALKME_CONCURRENCY: "1" });

  await expect.poll(() => stage.count("status in ('sent', 'unknown')")).toBe(refusals.length);
  await expect
    .poll(() =>
      stage.sql(`
        select count(*)::integer as missing from talkme.outbox as o
        where not exists (select from talkme.attempt as t where t.outbox_id = o.id and t.outcome = 'accepted')`),
    )
    .toEqual([{ missing: 0 }]);
  expect(stage.simulator.ledger.duplicates()).toEqual([]);
});
