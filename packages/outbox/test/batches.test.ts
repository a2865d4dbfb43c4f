import { memberUrl } from "@talkme/test-postgres";
import { sql } from "kysely";
import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { settleAndClaim } from "../src/daemon.ts";
import { settlementOf, TestOutbox, wishFor } from "./support/outbox.ts";
import { ExplainedSession } from "./support/explained-session.ts";
import { refusalOf } from "./support/refusal.ts";

/** An outbox with the batch 1 and `count` due rows of it, after which come `others` rows of no batch. */
async function openWithBatch(count: number, others = 0): Promise<TestOutbox> {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.ask("insert into talkme.batch (name) values ('Natal')");
  await insertRows(outbox, count, "1", "2 seconds");
  await insertRows(outbox, others, "null", "1 second");
  return outbox;
}

async function insertRows(outbox: TestOutbox, count: number, batch: string, age: string): Promise<void> {
  await outbox.insert(
    "numero_dest, id_campanha, batch_id, send_at",
    `select '119' || (70000000 + i), 1, ${batch}, now() - interval '${age}' + i * interval '1 microsecond'
     from generate_series(1, ${count}) as i`,
  );
}

async function batchOf(outbox: TestOutbox): Promise<Readonly<Record<string, unknown>>> {
  const { rows } = await sql<Record<string, unknown>>`select * from talkme.batches where id = 1`.execute(
    outbox.db,
  );
  return rows[0] ?? {};
}

async function login(outbox: TestOutbox, role: string, name?: string): Promise<Client> {
  const client = new Client({ connectionString: await memberUrl(outbox.url, role, name) });
  client.on("error", () => {});
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

test("talkme.batches counts the rows of a batch exactly, by status, and what waits apart from what is due", async () => {
  const outbox = await openWithBatch(10, 3);
  await outbox.insert(
    "numero_dest, id_campanha, batch_id, send_at",
    "values ('11988887777', 1, 1, now() + interval '1 day')",
  );
  await outbox.claim("a", { limit: 6 });
  const [first, second, third, ...rest] = (
    await sql<{ id: string }>`select id from talkme.outbox where status = 'sending' order by id`.execute(
      outbox.db,
    )
  ).rows;
  expect(rest).toHaveLength(3);
  await sql`
    update talkme.outbox set status = 'sent', finished_at = now(), claim = -claim where id = ${first?.id};
  `.execute(outbox.db);
  await sql`update talkme.outbox set status = 'failed', finished_at = now(), claim = -claim where id = ${second?.id}`.execute(
    outbox.db,
  );
  await sql`update talkme.outbox set status = 'unknown' where id = ${third?.id}`.execute(outbox.db);
  expect(await batchOf(outbox)).toMatchObject({
    name: "Natal",
    rows: "11",
    pending: "5",
    due: "4",
    held: "0",
    sending: "3",
    sent: "1",
    unknown: "1",
    failed: "1",
    expired: "0",
    cancelled: "0",
    paused: false,
  });
});

describe("the pause of a batch", () => {
  test("stops its rows and no others, whatever stands first in the lane, until its own resume", async () => {
    const outbox = await openWithBatch(20, 5);
    expect(await outbox.ask("select talkme.pause('batch:1', 'wrong price')")).toMatch(/^batch:1 is paused/);
    expect(await batchOf(outbox)).toMatchObject({
      pending: "20",
      due: "0",
      held: "20",
      paused: true,
      expected_end: null,
    });
    const claimed = await outbox.claim("a", { limit: 32 });
    expect(claimed).toHaveLength(5);
    expect(await outbox.ask("select talkme.explain(1)")).toMatch(
      /Batch 1 is paused by .* \(wrong price\): talkme.resume\('batch:1'\)/,
    );

    await outbox.ask("select talkme.resume('campaign:1')");
    expect(await outbox.claim("a")).toEqual([]);
    expect(await outbox.ask("select talkme.resume('batch:1')")).toMatch(/no longer paused. 20 held row/);
    expect(await outbox.claim("a", { limit: 32 })).toHaveLength(20);
  });

  test.each([false, true])(
    "also stops rows that were on the wire, locked, or inserted at that moment (restricted lane: %s)",
    async (restricted) => {
      const outbox = await openWithBatch(4);
      const [onTheWire] = await outbox.claim("a", { limit: 1 });
      const client = new Client({ connectionString: outbox.url });
      await client.connect();
      onTestFinished(() => client.end());
      await client.query("begin");
      await client.query("select from talkme.outbox where id = 2 for update");
      const late = await login(outbox, "talkme_operator");
      await outbox.ask("select talkme.pause('batch:1', 'wrong price')");
      await client.query("commit");
      await insertRows(outbox, 3, "1", "1 second");
      // As a transaction that began before the pause leaves it.
      await outbox.ask("update talkme.outbox set retry_at = null, error_code = null where id = 6");
      if (onTheWire === undefined) throw new Error("Nothing was claimed.");
      await outbox.settle([
        settlementOf(onTheWire, "a", {
          status: "pending",
          retryInMs: 0,
          errorCode: "connection_refused",
          attempt: null,
        }),
      ]);
      await late.end();

      const wish = wishFor({ limit: 10, restricted, scan: restricted ? 10 : 0 });
      const { claimed, passed } = await settleAndClaim(outbox.daemon, "a", [], [wish]);
      expect(claimed).toEqual([]);
      expect(passed.map(({ id, code }) => `${id} ${code}`).toSorted()).toEqual(
        [`${onTheWire.id} batch_paused`, "2 batch_paused", "6 batch_paused"].toSorted(),
      );
      expect(await batchOf(outbox)).toMatchObject({ pending: "7", held: "7" });
      await outbox.ask("select talkme.resume('batch:1')");
      expect(await outbox.claim("a", { limit: 10, restricted })).toHaveLength(7);
    },
  );

  test("costs a turn nothing, even if 20,000 of its rows stand first in the lane", async () => {
    const outbox = await openWithBatch(20_000, 200);
    await sql`alter table talkme.outbox set (autovacuum_enabled = off)`.execute(outbox.db);
    await outbox.ask("select talkme.pause('batch:1', 'wrong price')");
    await using session = await ExplainedSession.open(outbox.url);
    // The first turn passes over what the pause left behind, and marks it as dead.
    expect((await settleAndClaim(session.db, "a", [], [wishFor({ limit: 32 })])).claimed).toHaveLength(32);
    const plan = await session.explain(async () => {
      expect((await settleAndClaim(session.db, "a", [], [wishFor({ limit: 32 })])).claimed).toHaveLength(32);
    });
    expect(plan.sequentialScans).toEqual([]);
    expect(plan.buffers).toBeLessThan(2000);
  });

  test("of a batch that does not exist is refused, and a cancelled row that comes back waits for nothing that is over", async () => {
    const outbox = await openWithBatch(2);
    expect(await refusalOf(outbox.ask("select talkme.pause('batch:7', 'x')"))).toMatchObject({
      message: "there is no batch 7, or it is not yours",
    });
    await outbox.ask("select talkme.pause('batch:1', 'wrong price')");
    await outbox.ask("select talkme.cancel(1)");
    await outbox.ask("select talkme.resume('batch:1')");
    await outbox.ask("select talkme.retry(1)");
    expect(await outbox.claim("a")).toHaveLength(2);
  });
});

test("every *_where takes a batch as its filter, and leaves other rows alone", async () => {
  const outbox = await openWithBatch(5, 3);
  const rows = async (call: string): Promise<unknown> => outbox.ask(`select rows from talkme.${call}`);
  expect(await rows("cancel_where(batch_id => 1)")).toBe("5");
  expect(await rows("cancel_where(batch_id => 1, go => true)")).toBe("5");
  expect(await batchOf(outbox)).toMatchObject({ cancelled: "5" });
  expect(await outbox.ask("select count(*)::integer from talkme.outbox where status = 'pending'")).toBe(3);
  expect(await rows("retry_where(status => 'cancelled', batch_id => 1, go => true)")).toBe("5");
  await outbox.claim("a", { limit: 8 });
  await outbox.ask("update talkme.outbox set status = 'unknown'");
  expect(await rows("resolve_where('failed', batch_id => 1, go => true)")).toBe("5");
  expect(await batchOf(outbox)).toMatchObject({ failed: "5" });
});

test("a producer sees, fills, pauses and cancels its own batches and no others", async () => {
  const outbox = await TestOutbox.open();
  const shop = await login(outbox, "talkme_producer", "test_batch_shop");
  const clinic = await login(outbox, "talkme_producer", "test_batch_clinic");
  await shop.query("insert into talkme.batch (name) values ('Natal') returning id");
  const insert =
    "insert into talkme.outbox (numero_dest, id_campanha, batch_id) values ('11988887777', 1, 1)";
  await shop.query(insert);

  expect(await refusalOf(clinic.query(insert))).toMatchObject({ constraint: "outbox_batch_exists" });
  expect(
    (await clinic.query("select * from talkme.problems('11988887777', 1, batch_id => 1)")).rows,
  ).toMatchObject([{ code: "outbox_batch_exists" }]);
  for (const table of ["talkme.batch", "talkme.batches"])
    expect((await clinic.query(`select * from ${table}`)).rows).toEqual([]);
  for (const call of ["pause('batch:1', 'x')", "resume('batch:1')"])
    expect(await refusalOf(clinic.query(`select talkme.${call}`))).toMatchObject({ code: "22023" });
  for (const call of ["pause('campaign:1', 'x')", "resume('all')"])
    expect(await refusalOf(shop.query(`select talkme.${call}`))).toMatchObject({ code: "42501" });
  expect(
    (await clinic.query("select what from talkme.cancel_where(batch_id => 1, go => true)")).rows,
  ).toEqual([{ what: "no row matches" }]);

  await shop.query("select talkme.pause('batch:1', 'x'), talkme.resume('batch:1')");
  expect((await shop.query("select name, pending, paused from talkme.batches")).rows).toEqual([
    { name: "Natal", pending: "1", paused: false },
  ]);
  expect(
    (await shop.query("select what, rows from talkme.cancel_where(batch_id => 1, go => true)")).rows,
  ).toEqual([{ what: "cancelled", rows: "1" }]);
});

describe("burst_limit and a batch", () => {
  const held = "select count(*)::integer from talkme.outbox where error_code = 'held_burst'";

  test.each([
    ["no size", "null", 50, 0, 50],
    ["its size", "50", 50, 0, 0],
    ["a smaller size", "40", 50, 0, 50],
    ["a size that two statements exceed together", "60", 50, 50, 50],
    ["a size that two statements reach together", "100", 50, 50, 0],
  ])("one declared with %s: %s", async (_what, size, first, second, count) => {
    const outbox = await TestOutbox.open();
    await outbox.ask("insert into talkme.campaign (id_campanha, name, burst_limit) values (1, 'Natal', 10)");
    await outbox.ask(`insert into talkme.batch (name, expected_rows) values ('Natal', ${size})`);
    await insertRows(outbox, first, "1", "1 second");
    if (second > 0) await insertRows(outbox, second, "1", "1 second");
    expect(await outbox.ask(held)).toBe(count);
    await outbox.ask("select talkme.resume('batch:1')");
    expect(await outbox.ask(held)).toBe(0);
  });
});

test("the expected end goes by the rate and the sending window", async () => {
  const outbox = await TestOutbox.open();
  const end = (window: string, seconds: number): Promise<unknown> =>
    outbox.ask(`select to_char(talkme.expected_end(talkme.parse_sending_window(${window}), ${seconds},
      '2026-11-27 18:30:00-03') at time zone 'America/Sao_Paulo', 'YYYY-MM-DD HH24:MI')`);
  await outbox.ask("insert into talkme.holiday (day, name) values ('2026-11-30', 'Feriado')");
  expect(await end("null", 3600)).toBe("2026-11-27 19:30");
  // A Friday: half an hour is left; Monday is a holiday.
  expect(await end("'mon-fri 9:00-19:00'", 1800)).toBe("2026-11-27 19:00");
  expect(await end("'mon-fri 9:00-19:00'", 3600)).toBe("2026-12-01 09:30");
  expect(await end("'mon-fri 9:00-19:00, sat 9:00-13:00'", 3600 * 5)).toBe("2026-12-01 09:30");

  await outbox.ask("insert into talkme.campaign (id_campanha, name, rate_per_second) values (1, 'Natal', 2)");
  await outbox.ask("insert into talkme.batch (name) values ('Natal')");
  await insertRows(outbox, 7200, "1", "1 second");
  expect(await outbox.ask("select expected_end - now() from talkme.batches")).toMatchObject({ hours: 1 });
});
