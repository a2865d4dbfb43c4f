import { sql } from "kysely";
import { describe, expect, test } from "vitest";

import { rescueFromDeadInstances, settleAndClaim, type ClaimedRow } from "../src/daemon.ts";
import { settlementOf, TestOutbox, wishFor } from "./support/outbox.ts";

function only(rows: readonly ClaimedRow[]): ClaimedRow {
  const [row, ...rest] = rows;
  if (row === undefined || rest.length > 0) throw new Error(`Expected one row, got ${rows.length}.`);
  return row;
}

describe("a claim", () => {
  test("takes the rows that are due first, and no more than its limit", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    const ids = await outbox.insertDue(5);

    const claimed = await outbox.claim("a", { limit: 3 });

    expect(claimed.map(({ id }) => id).toSorted()).toEqual(ids.slice(0, 3));
    expect(await outbox.ask("select count(*) from talkme.outbox where status = 'sending'")).toBe("3");
  });

  test("continues behind its cursor, to the microsecond", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    const ids = await outbox.insertDue(6);
    const first = await outbox.claim("a", { limit: 3 });
    await sql`update talkme.outbox set status = 'pending', claimed_by = null, claim = null`.execute(
      outbox.db,
    );

    const last = first.toSorted((a, b) => Number(a.id) - Number(b.id)).at(-1);
    if (last === undefined) throw new Error("Nothing was claimed.");
    const next = await outbox.claim("a", { after: { dueAtUs: last.dueAtUs, id: last.id } });

    expect(next.map(({ id }) => id).toSorted()).toEqual(ids.slice(3));
  });

  test("leaves rows that are not due or of another lane or priority", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insert(
      "numero_dest, id_campanha, send_at",
      "values ('11988887777', 1, now() + interval '1 hour')",
    );
    await outbox.insert("numero_dest, id_campanha", "values ('11988887777', 2)");
    await outbox.insert("numero_dest, id_wpp", "values ('11988887777', 1)");
    await outbox.insert("numero_dest, id_campanha, priority", "values ('11988887777', 1, 1)");

    expect(await outbox.claim("a")).toEqual([]);
  });

  test("marks an overdue row expired instead of claiming it", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    const [id = ""] = await outbox.insert(
      "numero_dest, id_campanha, send_at, expires_at",
      "values ('11988887777', 1, now() - interval '2 hours', now() - interval '1 hour')",
    );

    expect(await outbox.claim("a")).toEqual([]);
    expect(await outbox.row(id)).toMatchObject({ status: "expired", attempts: 0, error_code: "expired" });
  });

  test("gives nothing to an unregistered instance, and says so", async () => {
    const outbox = await TestOutbox.open();
    await outbox.insertDue(1);
    const wish = wishFor({ limit: 1 });

    const result = await settleAndClaim(outbox.daemon, "dead", [], [wish]);

    expect(result).toMatchObject({
      claimed: [],
      passed: [],
      stale: [],
      locked: [],
      refusedAccounts: [],
      registered: false,
      repeated: false,
    });
  });

  test("never gives a row to two instances, however many claim at once", async () => {
    const outbox = await TestOutbox.open();
    const names = ["a", "b", "c", "d"];
    await Promise.all(names.map((name) => outbox.register(name)));
    await outbox.insertDue(400);

    const claimed: string[] = [];
    await Promise.all(
      names.map(async (name) => {
        for (let rows = await outbox.claim(name); rows.length > 0; rows = await outbox.claim(name)) {
          claimed.push(...rows.map(({ id }) => id));
        }
      }),
    );

    expect(claimed).toHaveLength(400);
    expect(new Set(claimed).size).toBe(400);
  });

  test("skips locked rows without waiting", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    const [locked = "", free = ""] = await outbox.insertDue(2);

    await outbox.db.transaction().execute(async (transaction) => {
      await sql`select from talkme.outbox where id = ${locked} for update`.execute(transaction);
      expect((await outbox.claim("a")).map(({ id }) => id)).toEqual([free]);
    });
  });
});

describe("a settlement", () => {
  test("marks the row, keeps the answer and records the attempt by the database's clock", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(1);
    const row = only(await outbox.claim("a"));

    const { stale } = await outbox.settle([settlementOf(row, "a")]);

    expect(stale).toEqual([]);
    expect(await outbox.row(row.id)).toMatchObject({
      status: "sent",
      attempts: 1,
      http_status: 200,
      reference: "100000000001",
      claimed_by: "a",
    });
    const attempts = await outbox.db.selectFrom("talkme.attempt").selectAll().execute();
    expect(attempts).toMatchObject([
      { outbox_id: row.id, attempt: 1, outcome: "accepted", duration_ms: 30, instance: "a" },
    ]);
    expect(await outbox.ask("select now() - started_at < interval '1 minute' from talkme.attempt")).toBe(
      true,
    );
  });

  test("of an earlier claim changes nothing and is reported as stale", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(1);
    const early = only(await outbox.claim("a"));
    await outbox.settle([settlementOf(early, "a", { status: "pending", retryInMs: 0 })]);
    const late = only(await outbox.claim("a"));

    expect((await outbox.settle([settlementOf(early, "a")])).stale).toEqual([early.id]);
    expect(await outbox.row(late.id)).toMatchObject({ status: "sending", fence: late.fence });
  });

  test("by an instance that did not claim the row changes nothing", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(1);
    const row = only(await outbox.claim("a"));

    expect((await outbox.settle([settlementOf(row, "b")])).stale).toEqual([row.id]);
    expect(await outbox.row(row.id)).toMatchObject({ status: "sending", claimed_by: "a" });
  });

  test("that comes late still settles a row that became unknown from that claim", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(1);
    const row = only(await outbox.claim("a"));
    await sql`update talkme.instance set heartbeat_at = now() - interval '1 hour'`.execute(outbox.db);
    await rescueFromDeadInstances(outbox.daemon, "hold", 10);
    expect(await outbox.row(row.id)).toMatchObject({ status: "unknown", error_code: "instance_lost" });

    expect((await outbox.settle([settlementOf(row, "a")])).stale).toEqual([]);
    expect(await outbox.row(row.id)).toMatchObject({ status: "sent", error_code: null });
  });

  test("that comes after a person has decided changes nothing", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(1);
    const row = only(await outbox.claim("a"));
    await sql`update talkme.outbox set status = 'failed', finished_at = now(), claim = -claim`.execute(
      outbox.db,
    );

    expect((await outbox.settle([settlementOf(row, "a")])).stale).toEqual([row.id]);
    expect(await outbox.row(row.id)).toMatchObject({ status: "failed" });
  });

  test("of a provably unsent row makes it due again no earlier than it says", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(1);
    const row = only(await outbox.claim("a"));

    await outbox.settle([settlementOf(row, "a", { status: "pending", retryInMs: 90_000 })]);

    expect(await outbox.ask("select due_at - now() between '80 s' and '90 s' from talkme.outbox")).toBe(true);
    expect(await outbox.row(row.id)).toMatchObject({ status: "pending", claimed_by: null, attempts: 1 });
  });

  test("gives an attempt back if the row is not at fault, and the fence still grows", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(1);
    const row = only(await outbox.claim("a"));
    await outbox.settle([settlementOf(row, "a", { status: "pending", retryInMs: 0, refundAttempt: true })]);

    expect(await outbox.row(row.id)).toMatchObject({ attempts: 0, fence: 1 });
    expect(only(await outbox.claim("a"))).toMatchObject({ attempts: 1, fence: 2 });
  });

  test.each(["sent", "failed", "pending", "unknown"] as const)(
    "of a row whose recipient has changed says only that the row may have been sent (%s)",
    async (status) => {
      const outbox = await TestOutbox.open();
      await outbox.register("a");
      await outbox.insertDue(1);
      const [row] = await outbox.claim("a");
      if (row === undefined) throw new Error("No row.");
      await sql
        .raw(
          `alter table talkme.outbox disable trigger user;
           update talkme.outbox set numero_dest = '11933332222'`,
        )
        .execute(outbox.db);

      const answer = { ...settlementOf(row, "a"), status, retryInMs: status === "pending" ? 0 : null };
      const { changed } = await outbox.settle([answer]);

      expect(changed).toEqual(status === "unknown" ? [] : [row.id]);
      expect(await outbox.row(row.id)).toMatchObject({
        status: status === "unknown" ? "unknown" : "sending",
      });
    },
  );

  test("repeated after a lost connection records its attempt once", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(1);
    const settlement = settlementOf(only(await outbox.claim("a")), "a");

    await outbox.settle([settlement]);
    await outbox.settle([settlement]);

    expect(await outbox.ask("select count(*) from talkme.attempt")).toBe("1");
  });

  test("of an earlier claim does not override the current claim's in the same statement", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(1);
    const earlier = only(await outbox.claim("a"));
    await outbox.settle([settlementOf(earlier, "a", { status: "pending", retryInMs: 0 })]);
    const current = only(await outbox.claim("a"));

    const { stale } = await outbox.settle([
      settlementOf(earlier, "a", { status: "sent" }),
      settlementOf(current, "a", { status: "failed", errorCode: "rejected_by_api" }),
    ]);

    expect(stale).toEqual([current.id]);
    expect(await outbox.row(current.id)).toMatchObject({ status: "failed", error_code: "rejected_by_api" });
  });

  test("makes room for the next row in the same statement", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(2);
    const first = only(await outbox.claim("a", { limit: 1 }));
    const wish = wishFor({ limit: 1 });

    const { claimed } = await settleAndClaim(outbox.daemon, "a", [settlementOf(first, "a")], [wish]);

    expect(claimed).toHaveLength(1);
    expect(await outbox.ask("select count(*) from talkme.outbox where status = 'sending'")).toBe("1");
  });
});
