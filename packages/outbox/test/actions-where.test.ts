import { sql } from "kysely";
import { describe, expect, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";
import { refusalOf } from "./support/refusal.ts";
import { personOf } from "./support/role.ts";
import { touch } from "./support/touched.ts";

const targets = [
  { account: "default", campaign: "1", channel: "null" },
  { account: "default", campaign: "11", channel: "null" },
  { account: "default", campaign: "1", channel: "7" },
  { account: "default", campaign: "null", channel: "7" },
  { account: "default-2", campaign: "1", channel: "null" },
];

/** In each lane, a row of each of these statuses and codes from today and one from a week ago. */
async function openWithManyRows(): Promise<TestOutbox> {
  const outbox = await TestOutbox.open();
  for (const { account, campaign, channel } of targets) {
    await outbox.insert(
      "account, id_campanha, id_wpp, numero_dest, metadata",
      `select '${account}', ${campaign}, ${channel}, '11988887777', jsonb_build_object('kind', kind, 'days', days)
       from unnest(array['pending', 'refused', 'timed out', 'lost', 'late', 'dropped']) as kind, unnest(array[0, 7]) as days`,
    );
  }
  await outbox.ask(`
    update talkme.outbox set
      status = case metadata ->> 'kind' when 'refused' then 'failed' when 'timed out' then 'failed' when 'lost' then 'unknown'
        when 'late' then 'expired' when 'dropped' then 'cancelled' else 'pending' end,
      error_code = case metadata ->> 'kind' when 'refused' then 'connection_refused' when 'timed out' then 'connect_timeout'
        when 'lost' then 'timeout' when 'late' then 'expired' end,
      attempts = 3,
      expires_at = case metadata ->> 'kind' when 'late' then now() end,
      created_at = now() - (metadata ->> 'days')::integer * interval '1 day',
      claimed_by = 'a', claimed_at = now() - (metadata ->> 'days')::integer * interval '1 day',
      finished_at = case when metadata ->> 'kind' not in ('pending', 'lost') then now() - (metadata ->> 'days')::integer * interval '1 day' end,
      send_at = now() - interval '8 days'`);
  return outbox;
}

/** The same filter as SQL, written independently. */
const filters = [
  { filter: "account => 'default'", where: "account = 'default'" },
  { filter: "id_campanha => 1", where: "id_campanha = 1" },
  { filter: "id_wpp => 7", where: "id_wpp = 7" },
  { filter: "account => 'default', id_campanha => 1", where: "account = 'default' and id_campanha = 1" },
  { filter: "id_campanha => 1, id_wpp => 7", where: "id_campanha = 1 and id_wpp = 7" },
  { filter: "since => now() - interval '1 day'", where: "at >= now() - interval '1 day'" },
  {
    filter: "until => now() - interval '1 day', id_wpp => 7",
    where: "at < now() - interval '1 day' and id_wpp = 7",
  },
  { filter: "account => 'nobody'", where: "false" },
];

const actions = [
  { call: "cancel_where(", status: "pending", time: "created_at", becomes: "cancelled" },
  { call: "retry_where(", status: "failed", time: "finished_at", becomes: "pending" },
  {
    call: "retry_where(status => 'cancelled', ",
    status: "cancelled",
    time: "finished_at",
    becomes: "pending",
  },
  {
    call: "retry_where(status => 'expired', expires_at => now() + interval '1 hour', ",
    status: "expired",
    time: "finished_at",
    becomes: "pending",
  },
  { call: "resolve_where('sent', ", status: "unknown", time: "claimed_at", becomes: "sent" },
  { call: "resolve_where('failed', ", status: "unknown", time: "claimed_at", becomes: "failed" },
  { call: "resolve_where('resend', ", status: "unknown", time: "claimed_at", becomes: "pending" },
];

describe.each(actions)("talkme.$call…)", ({ call, status, time, becomes }) => {
  test.each(filters)(
    "with $filter first says what it would touch, then touches exactly that",
    async ({ filter, where }) => {
      const outbox = await openWithManyRows();
      const matching = `(${where.replaceAll(/\bat\b/g, time)}) and status = '${status}'`;
      const ids = await outbox.ask(
        `select coalesce(array_agg(id order by id), '{}') from talkme.outbox where ${matching}`,
      );
      const rowsBefore = await outbox.ask("select json_agg(o order by id) from talkme.outbox as o");
      const count = [ids].flat().length;

      const dry = await touch(outbox, `${call}${filter})`);
      expect(dry.reduce((sum, [, , , rows]) => sum + Number(rows), 0)).toBe(count);
      expect(dry.map(([what]) => what).join()).toMatch(count > 0 ? /add go => true/ : /^no row matches$/);
      expect(await outbox.ask("select json_agg(o order by id) from talkme.outbox as o")).toEqual(rowsBefore);
      expect(await outbox.ask("select count(*) from talkme.audit")).toBe("0");

      const done = await touch(outbox, `${call}${filter}, reason => 'as agreed', go => true)`);
      expect(done.map(([, ...rest]) => rest)).toEqual(dry.map(([, ...rest]) => rest));
      const changed = await outbox.ask(`
      select coalesce(array_agg(o.id order by o.id), '{}') from talkme.outbox as o
      join jsonb_to_recordset(${quoted(rowsBefore)}::jsonb) as b (id bigint, status text) using (id)
      where o.status <> b.status and o.status = '${becomes}'`);
      expect(changed).toEqual(ids);
      expect(
        await outbox.ask(`
        select count(*) from talkme.outbox as o
        join jsonb_to_recordset(${quoted(rowsBefore)}::jsonb) as b (id bigint, status text) using (id)
        where o.status <> b.status`),
      ).toBe(String(count));
      expect(await outbox.ask("select json_build_array(rows, reason, who) from talkme.audit")).toEqual([
        count,
        "as agreed",
        "postgres",
      ]);
      expect(
        await outbox.ask(
          "select coalesce(array_agg(outbox_id order by outbox_id), '{}') from talkme.audit_row",
        ),
      ).toEqual(ids);
    },
  );
});

function quoted(value: unknown): string {
  return `'${JSON.stringify(value).replaceAll("'", "''")}'`;
}

test.each(actions)("$call…) sets what the function for one row sets", async ({ call, status, becomes }) => {
  const outbox = await openWithManyRows();
  const name = call.slice(0, call.indexOf("("));
  const others = call
    .slice(name.length + 1)
    .replace(/status => '\w+', /, "")
    .replace(/, $/, "");
  const [one, many] = [
    await outbox.ask(
      `select id from talkme.outbox where status = '${status}' and id_campanha = 11 order by error_code, id limit 1`,
    ),
    await outbox.ask(
      `select id from talkme.outbox where status = '${status}' and id_campanha = 11 order by error_code, id offset 1`,
    ),
  ].map(String);
  const read = async (id: string | undefined): Promise<unknown> =>
    outbox.ask(`
      select to_jsonb(o) - '{id,metadata,created_at,claimed_at,finished_at,expires_at}'::text[]
        || jsonb_build_object('claimed', claimed_at is not null, 'finished', finished_at is not null, 'ends', expires_at is not null)
      from talkme.outbox as o where id = ${id}`);

  await outbox.ask(
    `select talkme.${name.replace("_where", "")}(${[one, others].filter(Boolean).join(", ")})`,
  );
  await touch(outbox, `${call}id_campanha => 11, go => true)`);

  expect(await read(many)).toEqual(await read(one));
  expect(await read(many)).toMatchObject({ status: becomes });
});

test("held rows are found by their code and cancelled", async () => {
  const outbox = await TestOutbox.open();
  await outbox.ask("insert into talkme.campaign (id_campanha, name, burst_limit) values (1, 'x', 2)");
  await outbox.insertDue(3);
  await outbox.insertDue(1);
  expect(await touch(outbox, "cancel_where(error_code => 'held_burst', go => true)")).toEqual([
    ["cancelled", "pending", "held_burst", "3"],
  ]);
});

test("a locked row is left alone, and the answer says so", async () => {
  const outbox = await TestOutbox.open();
  const [locked = ""] = await outbox.insertDue(3);
  await outbox.db.transaction().execute(async (transaction) => {
    await sql`select from talkme.outbox where id = ${locked} for update`.execute(transaction);
    expect(await touch(outbox, "cancel_where(id_campanha => 1, go => true)")).toEqual([
      ["cancelled", "pending", null, "2"],
      ["left: somebody else has it locked", "pending", null, "1"],
    ]);
  });
  expect((await outbox.row(locked)).status).toBe("pending");
  expect(await outbox.ask("select rows from talkme.audit")).toBe("2");
});

test("rows that would not be sent anyway are left alone, and the answer says so", async () => {
  const outbox = await openWithManyRows();
  expect(await touch(outbox, "retry_where(status => 'expired', go => true)")).toEqual([
    ["left: its expires_at has passed", "expired", "expired", "10"],
  ]);
  await outbox.ask(
    "insert into talkme.suppression (recipient, reason) values ('5511988887777', 'asked for it')",
  );
  expect(await touch(outbox, "resolve_where('resend', error_code => 'timeout')")).toEqual([
    ["left: its recipient is suppressed", "unknown", "timeout", "10"],
  ]);
});

test("a filter without conditions is refused, and so is a status that does not allow the action", async () => {
  const outbox = await TestOutbox.open();
  for (const call of ["cancel_where(go => true)", "retry_where()", "resolve_where('sent', reason => 'x')"]) {
    expect(await refusalOf(touch(outbox, call))).toMatchObject({
      code: "22023",
      constraint: "outbox_filter_given",
    });
  }
  for (const call of [
    "cancel_where('sending')",
    "retry_where('pending')",
    "resolve_where('sent', 'failed')",
  ]) {
    expect(await refusalOf(touch(outbox, call))).toMatchObject({
      code: "22023",
      constraint: "outbox_filter_status",
    });
  }
  expect(await refusalOf(touch(outbox, "resolve_where('lost', account => 'default')"))).toMatchObject({
    constraint: "outbox_resolve_verdict",
  });
});

test("text in a filter is always a value, never SQL", async () => {
  const outbox = await TestOutbox.open();
  await outbox.insertDue(1);
  for (const text of ["' or true --", "%", "default/1/-", '"; drop table talkme.outbox']) {
    const value = `'${text.replaceAll("'", "''")}'`;
    expect(await touch(outbox, `cancel_where(account => ${value}, go => true)`)).toEqual([
      ["no row matches", null, null, "0"],
    ]);
    expect(await touch(outbox, `retry_where(error_code => ${value}, go => true)`)).toEqual([
      ["no row matches", null, null, "0"],
    ]);
  }
  expect(await outbox.ask("select status from talkme.outbox")).toBe("pending");
});

test("anybody but an operator or the owner touches only their own rows", async () => {
  const outbox = await TestOutbox.open();
  const shop = await personOf(outbox, "where_shop");
  await outbox.insertDue(2);
  await shop.ask("select talkme.enqueue('11988887777', 1)");
  expect(await shop.ask("select rows from talkme.cancel_where(id_campanha => 1, go => true)")).toBe("1");
  expect(await outbox.ask("select count(*) from talkme.outbox where status = 'pending'")).toBe("2");
});
