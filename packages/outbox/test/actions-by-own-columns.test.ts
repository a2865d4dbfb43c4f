import { sql } from "kysely";
import { expect, test } from "vitest";

import { ExplainedSession } from "./support/explained-session.ts";
import { TestOutbox } from "./support/outbox.ts";
import { refusalOf } from "./support/refusal.ts";
import { personOf } from "./support/role.ts";
import { touch } from "./support/touched.ts";

/** A row of each status for each of four orders; the third has a customer of its own, and an address. */
async function openWithOrders(): Promise<TestOutbox> {
  const outbox = await TestOutbox.open();
  await outbox.ask(`
    insert into talkme.outbox (account, id_campanha, numero_dest, email_dest, dedupe_key, metadata, send_at)
    select
      case when n = 4 then 'vendas' else 'default' end, n, case when n = 3 then '1188887776' else '11988887777' end,
      case when n = 3 then 'Fulano@Example.com' end, format('order %s %s', n, status),
      jsonb_build_object('order', n, 'tags', jsonb_build_array('vip', n)), now() - interval '1 day'
    from generate_series(1, 4) as n, unnest(array['pending', 'failed', 'unknown', 'sent', 'held']) as status`);
  await outbox.ask(`
    update talkme.outbox set
      status = case when dedupe_key ~ 'held' then 'pending' else split_part(dedupe_key, ' ', 3) end,
      retry_at = case when dedupe_key ~ 'held' then talkme.held_until() end,
      error_code = case when dedupe_key ~ 'held' then 'held_burst' end,
      claimed_by = 'a', claimed_at = now(), finished_at = case when dedupe_key ~ 'failed|sent' then now() end`);
  return outbox;
}

const actions = [
  { call: "cancel_where(", rows: "status = 'pending'" },
  { call: "retry_where(", rows: "status = 'failed'" },
  { call: "resolve_where('failed', ", rows: "status = 'unknown'" },
  { call: "pause_where(", rows: "status = 'pending' and retry_at is null" },
  { call: "resume_where(", rows: "retry_at = talkme.held_until()" },
  { call: `correct_where('{"txtmsg": "x"}', `, rows: "status in ('pending', 'failed')" },
  { call: "postpone_where(now() + interval '1 day', ", rows: "status = 'pending'" },
];

const orderThree = "metadata @> '{\"order\": 3}'";
const filters = [
  { filter: `metadata => '{"order": 3}'`, where: orderThree },
  { filter: `metadata => '{"tags": ["vip"]}', id_campanha => 1`, where: "id_campanha = 1" },
  { filter: "numero_dest => '+55 (11) 9 8888-7776'", where: orderThree },
  { filter: "numero_dest => 'fulano@example.com'", where: orderThree },
  {
    filter: "numero_dest => '1188887777', account => 'default'",
    where: "id_campanha <> 3 and account = 'default'",
  },
  { filter: "ids => array(select id from talkme.outbox where id_campanha = 2)", where: "id_campanha = 2" },
];

test.each(actions)(
  "talkme.$call…) finds rows by metadata, by any spelling of the recipient and by ids, counts them first, and touches exactly those",
  async ({ call, rows }) => {
    const outbox = await openWithOrders();
    for (const { filter, where } of filters) {
      await outbox.db.transaction().execute(async (transaction) => {
        const ask = async (query: string): Promise<readonly unknown[]> =>
          (await sql<Record<string, unknown>>`${sql.raw(query)}`.execute(transaction)).rows.map(
            (row) => Object.values(row)[0],
          );
        const before = await ask("select to_jsonb(o) from talkme.outbox as o order by id");
        const expected = await ask(`select id from talkme.outbox where (${where}) and ${rows} order by id`);
        expect(expected.length).toBeGreaterThan(0);

        const counted = `select coalesce(sum(rows), 0) from talkme.${call}${filter}) where what ~ 'go => true'`;
        expect(await ask(counted)).toEqual([String(expected.length)]);
        expect(await ask("select to_jsonb(o) from talkme.outbox as o order by id")).toEqual(before);

        await ask(`select count(*) from talkme.${call}${filter}, go => true)`);
        const after = await ask("select to_jsonb(o) from talkme.outbox as o order by id");
        const changed = after.filter((row, i) => JSON.stringify(row) !== JSON.stringify(before[i]));
        expect(changed.map((row) => String(Object(row).id))).toEqual(expected);
        expect(await ask("select outbox_id from talkme.audit_row order by 1")).toEqual(expected);
        await sql`rollback and chain`.execute(transaction);
      });
    }
  },
);

test("a dedupe_key is found in every account, or in the one that is given", async () => {
  const outbox = await openWithOrders();
  expect(await touch(outbox, "cancel_where(dedupe_key => 'order 4 pending')")).toEqual([
    ["would be cancelled: add go => true", "pending", null, "1"],
  ]);
  expect(
    await touch(outbox, "cancel_where(dedupe_key => 'order 4 pending', account => 'default')"),
  ).toMatchObject([["no row matches", null, null, "0"]]);
  expect(await touch(outbox, "cancel_where(dedupe_key => 'order 9 pending')")).toMatchObject([
    ["no row matches", null, null, "0"],
  ]);
});

test("of a list of ids each is accounted for: one on the wire, sent or unknown to the caller does not keep the others", async () => {
  const outbox = await openWithOrders();
  await outbox.ask("update talkme.outbox set status = 'sending' where dedupe_key = 'order 1 pending'");
  const everything =
    "ids => array(select id from talkme.outbox where account = 'default') || array[999, null, 999]";
  expect(await touch(outbox, `cancel_where(${everything}, error_code => 'held_burst')`)).toContainEqual([
    "left: it is in ids, and the other conditions leave it out",
    "pending",
    null,
    "2",
  ]);
  expect(await touch(outbox, `cancel_where(${everything}, go => true)`)).toEqual([
    ["cancelled", "pending", "held_burst", "3"],
    ["cancelled", "pending", null, "2"],
    ["left: not for rows of this status, unless status => names it", "failed", null, "3"],
    ["left: not for rows of this status, unless status => names it", "sent", null, "3"],
    ["left: not for rows of this status, unless status => names it", "unknown", null, "3"],
    ["left: there is no such row, or it is not yours", null, null, "1"],
    ["left: it is on the wire", "sending", null, "1"],
  ]);
  expect(await outbox.ask("select rows from talkme.audit")).toBe("5");
});

test("an empty list of ids, or one of nulls, is no row, and never all of them", async () => {
  const outbox = await openWithOrders();
  for (const ids of ["'{}'", "'{null}'", "array(select id from talkme.outbox where false)"])
    expect(await touch(outbox, `cancel_where(ids => ${ids}, go => true)`)).toEqual([
      ["no row matches", null, null, "0"],
    ]);
});

test("what is on the wire is reported by every condition, and left alone", async () => {
  const outbox = await openWithOrders();
  await outbox.ask("update talkme.outbox set status = 'sending' where dedupe_key = 'order 1 pending'");
  for (const condition of ["id_campanha => 1", "numero_dest => '11988887777'", `metadata => '{"order": 1}'`])
    expect(await touch(outbox, `cancel_where(${condition})`)).toContainEqual([
      "left: it is on the wire",
      "sending",
      null,
      "1",
    ]);
});

test("a row that a trigger of the customer's refuses does not keep the others, and the report says what it said", async () => {
  const outbox = await openWithOrders();
  await outbox.ask(`
    create function refuse_vip() returns trigger language plpgsql as $$
    begin
      if new.id_campanha = 2 then raise exception 'order 2 of 11988887777 is fixed'; end if;
      return new;
    end $$`);
  await outbox.ask(
    "create trigger refuse_vip before update on talkme.outbox for each row execute function refuse_vip()",
  );
  const left = "left: order 2 of (number) is fixed";
  expect(await touch(outbox, "cancel_where(status => 'pending', go => true)")).toEqual([
    ["cancelled", "pending", "held_burst", "3"],
    ["cancelled", "pending", null, "3"],
    [left, "pending", "held_burst", "1"],
    [left, "pending", null, "1"],
  ]);
  expect(await outbox.ask("select count(*) from talkme.outbox where status = 'cancelled'")).toBe("6");
  expect(await outbox.ask("select rows from talkme.audit")).toBe("6");
  expect(await outbox.ask("select count(*) from talkme.audit_row")).toBe("6");
  expect(await touch(outbox, "retry_where(status => 'failed', go => true)")).toContainEqual([
    left,
    "failed",
    null,
    "1",
  ]);
});

test("the audit has neither the recipient nor metadata, dedupe_key or a number in a reason", async () => {
  const outbox = await openWithOrders();
  await touch(
    outbox,
    `cancel_where(numero_dest => '11 98888-7777', metadata => '{"order": 1}', dedupe_key => 'order 1 pending',
       ids => array[1, 2], reason => 'asked for by 11988887777 and fulano@example.com', go => true)`,
  );
  expect(await outbox.ask("select jsonb_build_array(about, reason) from talkme.audit")).toEqual([
    { ids: 2, metadata: "given", dedupe_key: "given", numero_dest: "given" },
    "asked for by (number) and (address)",
  ]);
});

test("a recipient that cannot be read is refused, instead of matching nothing", async () => {
  const outbox = await TestOutbox.open();
  expect(await refusalOf(touch(outbox, "cancel_where(numero_dest => '119888')"))).toMatchObject({
    code: "22023",
  });
});

test("a producer acts on its own rows alone, by whatever condition, and an operator on all", async () => {
  const outbox = await openWithOrders();
  const shop = await personOf(outbox, "own_shop", "talkme_producer");
  await shop.ask(
    "insert into talkme.outbox (numero_dest, id_campanha, metadata) values ('11988887777', 1, '{\"order\": 1}')",
  );
  for (const condition of [
    "ids => array(select generate_series(1, 30))",
    "numero_dest => '11988887777'",
    `metadata => '{"order": 1}'`,
  ]) {
    const counted = "sum(rows) filter (where what ~ 'go => true')";
    for (const call of ["cancel_where(", `correct_where('{"priority": 1}', `, "pause_where("])
      expect(await shop.ask(`select ${counted} from talkme.${call}${condition})`)).toBe("1");
  }
  const operator = await personOf(outbox, "own_operator", "talkme_operator");
  expect(await operator.ask("select sum(rows) from talkme.cancel_where(numero_dest => '11988887777')")).toBe(
    "7",
  );
});

test("a call by ids, recipient or key reads these rows, and not the table or all that waits", async () => {
  const outbox = await TestOutbox.open();
  await outbox.insert(
    "numero_dest, id_campanha, dedupe_key",
    "select '119' || (80000000 + i)::text, 1, 'order ' || i from generate_series(1, 5000) as i",
  );
  await sql`analyze talkme.outbox`.execute(outbox.db);
  await using session = await ExplainedSession.open(outbox.url);
  for (const condition of ["ids => '{7, 8}'", "numero_dest => '11 98000-0007'", "dedupe_key => 'order 7'"]) {
    const call = sql`select * from talkme.cancel_where(${sql.raw(condition)})`;
    await call.execute(session.db);
    const plan = await session.explain(() => call.execute(session.db));
    expect(plan.sequentialScans.filter((table) => table === "outbox")).toEqual([]);
    expect(plan.buffers).toBeLessThan(150);
  }
});
