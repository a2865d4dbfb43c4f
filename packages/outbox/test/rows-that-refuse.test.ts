import { sql } from "kysely";
import { describe, expect, test } from "vitest";

import { applyRetention, expireOverdue, nextTurn, reclaim, rescueFromDeadInstances } from "../src/daemon.ts";
import { TestOutbox } from "./support/outbox.ts";

const codes = ["P0001", "P0002", "TK001", "40001", "53100", "57014", "08006"];

/** A customer's trigger that keeps the first rows unchanged, each with another error, or waits for an order. */
async function addTrigger(outbox: TestOutbox, timing: "before" | "deferred", when: string): Promise<void> {
  const kind =
    timing === "before"
      ? "trigger keep before update on talkme.outbox"
      : "constraint trigger keep after update on talkme.outbox deferrable initially deferred";
  await sql
    .raw(
      `
    create table public.orders (id bigint primary key);
    insert into public.orders values (1);
    create function public.keep() returns trigger language plpgsql security definer as $$
    begin
      if new.id <= ${codes.length} then
        raise exception 'as it is' using errcode = ('{${codes.join(",")}}'::text[])[new.id];
      end if;
      if new.metadata ? 'order' then perform from public.orders for update; end if;
      return new;
    end $$;
    create ${kind} for each row when (${when}) execute function public.keep()`,
    )
    .execute(outbox.db);
}

const refusedIds = codes.map((_, i) => String(i + 1));

describe.each(["before", "deferred"] as const)(
  "when a trigger (%s) refuses changes to some rows",
  (timing) => {
    test("all other rows of a dead instance are rescued", async () => {
      const outbox = await TestOutbox.open();
      await outbox.insertDue(40);
      await outbox.register("dead", 1);
      await outbox.claim("dead", { limit: 40 });
      await addTrigger(outbox, timing, "new.status = 'unknown'");
      await sql`update talkme.instance set heartbeat_at = now() - interval '1 minute'`.execute(outbox.db);

      const refused: string[] = [];
      const rescued = await rescueFromDeadInstances(outbox.daemon, "hold", 10, ({ id }) => refused.push(id));

      expect(rescued).toHaveLength(40 - codes.length);
      expect(refused.toSorted()).toEqual(refusedIds);
      expect(await outbox.ask("select count(*) from talkme.outbox where status = 'unknown'")).toBe(
        String(40 - codes.length),
      );
      expect(await outbox.ask("select count(*) from talkme.instance")).toBe("0");
    });

    test("all other overdue rows expire; the refused ones are reported, and skipped when named", async () => {
      const outbox = await TestOutbox.open();
      await outbox.insert(
        "numero_dest, id_campanha, expires_at",
        "select '11988887777', 1, now() + interval '1 second' from generate_series(1, 40)",
      );
      await addTrigger(outbox, timing, "new.status = 'expired'");
      await expect
        .poll(() => outbox.ask("select count(*) from talkme.outbox where expires_at < now()"))
        .toBe("40");

      const refused: string[] = [];
      const expired = await expireOverdue(outbox.daemon, 100, [], ({ id }) => refused.push(id));

      expect(expired).toHaveLength(40 - codes.length);
      expect(refused.toSorted()).toEqual(refusedIds);
      expect(await expireOverdue(outbox.daemon, 1, refused)).toEqual([]);
    });

    test("all other rows of a lost claim are given back within a few tries", async () => {
      const outbox = await TestOutbox.open();
      await outbox.insertDue(40);
      await outbox.register("a");
      await outbox.claim("a", { limit: 40 });
      await addTrigger(outbox, timing, "new.status = 'pending'");

      const refused = new Set<string>();
      const last = nextTurn();
      const known = { claims: [], lost: [{ first: 1, last }], last };
      const released = new Set<string>();
      await expect
        .poll(async () => {
          const taken = await reclaim(outbox.daemon, "a", known, ({ id }) => refused.add(id));
          for (const id of taken.released) released.add(id);
          return released.size;
        })
        .toBe(40 - codes.length);

      expect([...refused].every((id) => refusedIds.includes(id))).toBe(true);
    });

    test("retention skips them and removes all others", async () => {
      const outbox = await TestOutbox.open();
      await outbox.insertDue(40);
      await sql`
      update talkme.outbox set status = 'failed', finished_at = now() - interval '100 days';
    `.execute(outbox.db);
      await sql`insert into talkme.account (account, retention) values ('default', '1 day')`.execute(
        outbox.db,
      );
      // A function must not swallow a cancelled query, or nobody could cancel it.
      const raisesCancelled = codes.indexOf("57014") + 1;
      await addTrigger(outbox, timing, `new.blanked_at is not null and new.id <> ${raisesCancelled}`);

      const batch = await applyRetention(outbox.daemon, 100, 1);

      const refused = codes.length - 1;
      expect(batch).toMatchObject({ blanked: 40 - refused, refused });
    });
  },
);

test("while a row's trigger waits for a lock, all other rows of a dead instance are rescued", async () => {
  const outbox = await TestOutbox.open();
  await outbox.insertDue(40);
  await outbox.register("dead", 1);
  await outbox.claim("dead", { limit: 40 });
  await addTrigger(outbox, "before", "new.status = 'unknown' and new.metadata is not null");
  await sql`update talkme.outbox set metadata = '{"order":1}' where id = 30`.execute(outbox.db);
  await sql`update talkme.instance set heartbeat_at = now() - interval '1 minute'`.execute(outbox.db);

  await outbox.db.transaction().execute(async (transaction) => {
    await sql`select from public.orders for update`.execute(transaction);
    expect(await rescueFromDeadInstances(outbox.daemon, "hold", 10)).toHaveLength(39);
  });

  expect(await rescueFromDeadInstances(outbox.daemon, "hold", 10)).toMatchObject([{ id: "30" }]);
});
