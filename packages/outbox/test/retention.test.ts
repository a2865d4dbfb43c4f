import { sql } from "kysely";
import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { applyRetention, configureAccount, type RetentionBatch } from "../src/daemon.ts";
import { settlementOf, TestOutbox } from "./support/outbox.ts";
import { placesOf } from "./support/places-of.ts";

const everyColumn =
  "numero_dest, email_dest, assunto, txtmsg, info_contato, metadata, id_campanha, account, dedupe_key";

/** Inserts messages sent that many days ago, with one attempt each; returns their ids. */
async function sent(
  outbox: TestOutbox,
  days: number,
  { count = 1, campaign = 1, account = "default" } = {},
): Promise<readonly string[]> {
  const ids = await outbox.insert(
    everyColumn,
    `select '11988887777', 'fulano@example.com', 'assunto de fulano', 'texto de fulano',
      '{"nome":"Fulano de tal"}', '{"pedido":"de fulano"}', ${campaign}, '${account}', 'fulano ' || gen_random_uuid()
     from generate_series(1, ${count})`,
  );
  await sql`
    update talkme.outbox set status = 'sent', reference = 'ref de fulano', response = 'resposta a fulano',
      finished_at = now() - ${days} * interval '1 day'
    where id = any(${ids}::bigint[])
  `.execute(outbox.db);
  await sql`
    insert into talkme.attempt
    select id, 1, account, 'v2', finished_at, 5, 'accepted', 200, 'ref de fulano', null, 'erro de fulano', 'a'
    from talkme.outbox where id = any(${ids}::bigint[])
  `.execute(outbox.db);
  return ids;
}

/** Makes a whole round; returns its totals. */
async function round(outbox: TestOutbox, rows = 1000) {
  const total = { blanked: 0, deleted: 0, partitions: 0, refused: 0, batches: 0 };
  let batch: RetentionBatch;
  do {
    batch = await applyRetention(outbox.db, rows, 0);
    total.blanked += batch.blanked;
    total.deleted += batch.deleted;
    total.partitions += batch.partitions;
    total.refused += batch.refused;
    total.batches += 1;
  } while (batch.more);
  return total;
}

async function keep(outbox: TestOutbox, days: { blank?: number; delete?: number }, account = "default") {
  return configureAccount(outbox.db, {
    account,
    sendingWindow: null,
    blankAfterDays: days.blank ?? null,
    deleteAfterDays: days.delete ?? null,
  });
}

async function idsWhere(outbox: TestOutbox, condition: string): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from talkme.outbox where ${sql.raw(condition)} order by id
  `.execute(outbox.db);
  return rows.map(({ id }) => id);
}

/** Somebody else's transaction, open until the test ends it. */
async function transaction(outbox: TestOutbox, statement: string): Promise<Client> {
  const client = new Client({ connectionString: outbox.url });
  client.on("error", () => "The database is dropped with it.");
  await client.connect();
  onTestFinished(() => client.end());
  await client.query("begin isolation level repeatable read");
  await client.query(statement);
  return client;
}

test("nothing is blanked or deleted without a rule, and unfinished rows never are", async () => {
  const outbox = await TestOutbox.open();
  await sent(outbox, 5000);
  expect(await round(outbox)).toMatchObject({ blanked: 0, deleted: 0 });

  await keep(outbox, { blank: 0, delete: 0 });
  const [waiting = ""] = await outbox.insertDue(1);
  await outbox.register("a");
  const [unknown = "", sending = ""] = (await outbox.insertDue(2)).map(String);
  await outbox.claim("a", { limit: 3 });
  await sql`update talkme.outbox set status = 'unknown' where id = ${unknown}`.execute(outbox.db);
  await sql`update talkme.outbox set status = 'pending', claim = null, claimed_by = null where id = ${waiting}`.execute(
    outbox.db,
  );

  expect(await round(outbox)).toMatchObject({ deleted: 1 });
  expect(await idsWhere(outbox, "blanked_at is null")).toEqual([waiting, unknown, sending]);
});

test("a row is blanked exactly when due, and nothing personal is left of it", async () => {
  const outbox = await TestOutbox.open();
  await keep(outbox, { blank: 90 });
  const [before = ""] = await sent(outbox, 89.99);
  const [after = ""] = await sent(outbox, 90.01);
  const { recipient } = await outbox.row(before);

  expect(await round(outbox)).toMatchObject({ blanked: 1, deleted: 0 });

  expect(await idsWhere(outbox, "blanked_at is not null")).toEqual([after]);
  expect(await outbox.row(after)).toMatchObject({
    status: "sent",
    id_campanha: "1",
    recipient: await outbox.ask(`select talkme.hash_recipient('${String(recipient)}')`),
    dedupe_key: expect.stringMatching(/^#[0-9a-f]{32}$/),
  });
  await sql`delete from talkme.outbox where id = ${before}`.execute(outbox.db);
  await sql`delete from talkme.attempt where outbox_id = ${before}`.execute(outbox.db);
  for (const trace of ["988887777", "ulano", "resposta", "ref de"]) {
    expect(await placesOf(outbox.db, trace)).toEqual([]);
  }
});

describe("a campaign's own retention", () => {
  test("overrides its account's, whether longer or shorter", async () => {
    const outbox = await TestOutbox.open();
    await keep(outbox, { blank: 90 });
    await outbox.ask(`insert into talkme.campaign (id_campanha, name, retention)
      values (2, 'longer', '400 days'), (3, 'shorter', '10 days'), (4, 'as the account', null)`);
    const rows = new Map<string, readonly string[]>();
    for (const campaign of [1, 2, 3, 4, 5])
      for (const days of [5, 50, 300])
        rows.set(`${campaign}/${days}`, await sent(outbox, days, { campaign }));
    rows.set("other account", await sent(outbox, 300, { account: "vendas" }));

    await round(outbox);

    const blanked = new Set(await idsWhere(outbox, "blanked_at is not null"));
    expect([...rows].filter(([, ids]) => ids.every((id) => blanked.has(id))).map(([name]) => name)).toEqual([
      "1/300",
      "3/50",
      "3/300",
      "4/300",
      "5/300",
    ]);
  });

  test("that is removed makes the account's walk start over", async () => {
    const outbox = await TestOutbox.open();
    await keep(outbox, { blank: 90 });
    await outbox.ask(
      "insert into talkme.campaign (id_campanha, name, retention) values (2, 'x', '400 days')",
    );
    await sent(outbox, 300, { campaign: 2 });
    await sent(outbox, 100);
    expect(await round(outbox)).toMatchObject({ blanked: 1 });

    await outbox.ask("update talkme.campaign set retention = null");
    expect(await round(outbox)).toMatchObject({ blanked: 1 });
  });

  test("aside, a shorter time of the account makes the walk start over", async () => {
    const outbox = await TestOutbox.open();
    await sent(outbox, 60);
    await sent(outbox, 100);
    await keep(outbox, { blank: 90 });
    expect(await round(outbox)).toMatchObject({ blanked: 1 });
    await keep(outbox, { blank: 30 });
    expect(await round(outbox)).toMatchObject({ blanked: 1 });
  });
});

test("a round goes through everything in batches, and the next does not reread it", async () => {
  const outbox = await TestOutbox.open();
  await keep(outbox, { blank: 90 });
  await sent(outbox, 200, { count: 55 });
  await sent(outbox, 100, { count: 50 });

  expect(await round(outbox, 10)).toMatchObject({ blanked: 105, batches: 13 });
  // Past rows changed unseen: the next round sees only the last day before its place.
  await sql`alter table talkme.outbox disable trigger user`.execute(outbox.db);
  await sql`update talkme.outbox set blanked_at = null`.execute(outbox.db);
  await sql`alter table talkme.outbox enable trigger user`.execute(outbox.db);
  expect(await round(outbox, 10)).toMatchObject({ blanked: 50 });
});

test("the next instance does not repeat a round that has just ended", async () => {
  const outbox = await TestOutbox.open();
  await keep(outbox, { blank: 90 });
  await round(outbox);
  await sent(outbox, 100);

  expect(await applyRetention(outbox.db, 1000, 12)).toMatchObject({ blanked: 0, more: false });
  expect(await round(outbox)).toMatchObject({ blanked: 1 });
});

test("a locked row is skipped without waiting, and done in the next round", async () => {
  const outbox = await TestOutbox.open();
  await keep(outbox, { blank: 90 });
  const [locked] = await sent(outbox, 300);
  await sent(outbox, 100, { count: 5 });
  const other = await transaction(outbox, `select from talkme.outbox where id = ${locked} for update`);

  expect(await round(outbox)).toMatchObject({ blanked: 5 });
  await other.query("rollback");
  expect(await round(outbox)).toMatchObject({ blanked: 1 });
});

test("one session does it at a time; another gets that answer at once", async () => {
  const outbox = await TestOutbox.open();
  await keep(outbox, { blank: 90 });
  await sent(outbox, 100, { count: 3 });
  const other = await transaction(outbox, "select * from talkme.apply_retention(1)");

  expect(await applyRetention(outbox.db, 1000, 0)).toEqual({
    blanked: 0,
    deleted: 0,
    partitions: 0,
    refused: 0,
    more: true,
    did: "Another session is doing it.",
  });
  await other.query("commit");
  expect(await round(outbox)).toMatchObject({ blanked: 2 });
});

test("rows are claimed and settled beside an uncommitted batch and an old snapshot", async () => {
  const outbox = await TestOutbox.open();
  await keep(outbox, { blank: 90, delete: 200 });
  await sent(outbox, 100, { count: 20 });
  await sent(outbox, 300, { count: 20 });
  await outbox.register("a");
  await outbox.insertDue(3);
  await transaction(outbox, "select count(*) from talkme.outbox");
  const batch = await transaction(outbox, "select * from talkme.apply_retention(10)");

  const claimed = await outbox.claim("a", { limit: 3 });
  expect(claimed).toHaveLength(3);
  const settled = await outbox.settle(claimed.map((row) => settlementOf(row, "a")));
  expect(settled).toMatchObject({ stale: [], locked: [] });

  await batch.query("commit");
  expect(await round(outbox, 10)).toMatchObject({ blanked: 20, deleted: 10 });
});

test("rows that a customer's foreign key references are skipped, and hold up no other", async () => {
  const outbox = await TestOutbox.open();
  const [held] = await sent(outbox, 300);
  await sent(outbox, 300, { count: 9 });
  await outbox.ask(`create table public.orders as select ${held}::bigint as message`);
  await outbox.ask("alter table public.orders add foreign key (message) references talkme.outbox");
  await keep(outbox, { delete: 100 });

  expect(await round(outbox)).toMatchObject({ deleted: 9, refused: 1 });
  expect(await idsWhere(outbox, "true")).toEqual([held]);
});

/** Opens an outbox with a partition for a month long ago, and an attempt in it. */
async function openWithOldMonth(): Promise<TestOutbox> {
  const outbox = await TestOutbox.open();
  await outbox.ask(`create table talkme.attempt_2020_01 partition of talkme.attempt
    for values from ('2020-01-01 00:00+00') to ('2020-02-01 00:00+00')`);
  await outbox.ask(`insert into talkme.attempt
    values (1, 1, 'default', 'v2', '2020-01-15', 5, 'accepted', 200, null, null, null, 'a')`);
  return outbox;
}
async function isThere(outbox: TestOutbox): Promise<boolean> {
  return (await outbox.ask("select to_regclass('talkme.attempt_2020_01') is not null")) === true;
}

describe("attempts", () => {
  test("of a month past every account's retention go with their whole partition", async () => {
    const outbox = await openWithOldMonth();
    await keep(outbox, { delete: 400 });
    expect(await round(outbox)).toMatchObject({ partitions: 1 });
    expect(await isThere(outbox)).toBe(false);
    expect(
      await outbox.ask(
        "select count(*)::integer from pg_inherits where inhparent = 'talkme.attempt'::regclass",
      ),
    ).toBe(5);
  });

  test("stay while an account keeps its rows forever, or one campaign long enough", async () => {
    const outbox = await openWithOldMonth();
    expect(await round(outbox)).toMatchObject({ partitions: 0 });

    await keep(outbox, { delete: 400 });
    await outbox.ask("insert into talkme.lane values ('vendas/1/-', 'vendas')");
    expect(await round(outbox)).toMatchObject({ partitions: 0 });

    await keep(outbox, { delete: 400 }, "vendas");
    await outbox.ask(
      "insert into talkme.campaign (id_campanha, name, delete_after) values (9, 'x', '100 years')",
    );
    expect(await round(outbox)).toMatchObject({ partitions: 0 });

    await outbox.ask("delete from talkme.campaign");
    expect(await round(outbox)).toMatchObject({ partitions: 1 });
  });

  test("stay if the partition has some of an account without a rule", async () => {
    const outbox = await openWithOldMonth();
    await outbox.ask("update talkme.attempt set account = 'gone'");
    await keep(outbox, { delete: 400 });
    expect(await round(outbox)).toMatchObject({ partitions: 0 });
    expect(await isThere(outbox)).toBe(true);
  });

  test("stay while a dump runs, which is not waited for, and go another night", async () => {
    const outbox = await openWithOldMonth();
    await keep(outbox, { delete: 400 });
    const dump = await transaction(outbox, "select count(*) from talkme.attempt");
    expect(await round(outbox)).toMatchObject({ partitions: 0 });
    await dump.query("commit");
    expect(await round(outbox)).toMatchObject({ partitions: 1 });
  });

  test("of a deleted row that was never blanked go with it", async () => {
    const outbox = await TestOutbox.open();
    await keep(outbox, { delete: 100 });
    await sent(outbox, 120);
    expect(await round(outbox)).toMatchObject({ deleted: 1 });
    expect(await placesOf(outbox.db, "ulano")).toEqual([]);
  });
});

test("recipients that no gap needs any longer are removed", async () => {
  const outbox = await TestOutbox.open();
  await outbox.ask(`insert into talkme.gap_claim (recipient, taken_at)
    values ('5511988887777', now() - interval '3 days'), ('5511988887778', now() - interval '1 day')`);
  await round(outbox);
  expect(await outbox.ask("select array_agg(recipient) from talkme.gap_claim")).toEqual(["5511988887778"]);
});

test("a blanked row accepts no personal data again, whoever writes it", async () => {
  const outbox = await TestOutbox.open();
  const [id = ""] = await sent(outbox, 1);
  await sql`update talkme.outbox set blanked_at = now() where id = ${id}`.execute(outbox.db);
  const { recipient } = await outbox.row(id);
  await sql`
    update talkme.outbox set numero_dest = '11988887777', response = 'fulano', error = 'fulano', reference = '1' where id = ${id}
  `.execute(outbox.db);
  expect(await outbox.row(id)).toMatchObject({
    recipient,
    numero_dest: null,
    response: null,
    error: null,
    reference: null,
  });
  await expect(
    outbox.insert("numero_dest, id_campanha, blanked_at", "values ('11988887777', 1, now())"),
  ).rejects.toMatchObject({ constraint: "outbox_blanked_at_insert" });
});

test("a configuration changes only what it names, and says whether it did", async () => {
  const outbox = await TestOutbox.open();
  expect(await keep(outbox, { blank: 90, delete: 400 })).toBe(true);
  expect(await keep(outbox, { blank: 90 })).toBe(false);
  const window = {
    account: "default",
    sendingWindow: "mon-fri 9-19",
    blankAfterDays: null,
    deleteAfterDays: null,
  };
  expect(await configureAccount(outbox.db, window)).toBe(true);
  const { rows } = await sql`
    select sending_window, retention::text, delete_after::text, recipient_gap from talkme.account
  `.execute(outbox.db);
  expect(rows).toEqual([
    { sending_window: "mon-fri 9-19", retention: "90 days", delete_after: "400 days", recipient_gap: null },
  ]);
  expect(await outbox.ask("select array_agg(action) from talkme.audit")).toEqual([
    "configure_account",
    "configure_account",
  ]);
  await expect(keep(outbox, { blank: 500 })).rejects.toMatchObject({
    constraint: "account_delete_after_retention",
  });
});
