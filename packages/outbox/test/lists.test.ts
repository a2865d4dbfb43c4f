import { sql } from "kysely";
import { expect, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";
import { refusalOf } from "./support/refusal.ts";
import { personOf } from "./support/role.ts";

const hash = "a".repeat(64);
const columns = { numero_dest: 1, nome: 2, geral1: 3 };

/** Brings in a list whose first line of data is line 2, as the operator. */
async function bringIn(
  outbox: TestOutbox,
  lines: readonly (readonly string[])[],
  contentHash = hash,
): Promise<string> {
  const id = await outbox.ask(
    `select talkme.begin_list('clientes.csv', '${contentHash}', '{Celular,Nome,Valor}')`,
  );
  await add(outbox, id, lines);
  await outbox.ask(`select talkme.end_list(${String(id)})`);
  await outbox.ask(
    `select talkme.map_list(${String(id)}, '${JSON.stringify({ id_campanha: 123456, columns })}')`,
  );
  return String(id);
}

async function add(outbox: TestOutbox, id: unknown, lines: readonly (readonly string[])[]): Promise<void> {
  const numbers = lines.map((_, i) => i + 2);
  await outbox.ask(
    `select talkme.add_lines(${String(id)}, '{${numbers.join(",")}}', $json$${JSON.stringify(lines)}$json$)`,
  );
}

const check = (outbox: TestOutbox, list: string) =>
  outbox.ask(`select coalesce(json_agg(c), '[]') from talkme.check_list(${list}) as c`);

const good = ["11988887771", "Ana", "R$ 10,00"];
const other = ["(21) 98888-7772", " Bia ", ""];

test("the good lines of a list become one batch, with the cells as variables, and the bad ones are named with every reason", async () => {
  const outbox = await TestOutbox.open();
  const list = await bringIn(outbox, [
    good,
    other,
    ["20988887773", "Caio", "R$ 1,00"],
    ["", "Davi", "x\u0007"],
    good,
  ]);

  expect(await check(outbox, list)).toEqual([
    { code: "list_recipient_twice", lines: 1, first_line: 6 },
    { code: "outbox_info_contato_whitespace", lines: 1, first_line: 5 },
    { code: "outbox_numero_dest_ddd", lines: 1, first_line: 4 },
    { code: "outbox_recipient_given", lines: 1, first_line: 5 },
  ]);
  const batch = await outbox.ask(`select talkme.send_list(${list}, 2, 'Natal')`);
  expect(
    await outbox.ask(
      "select json_agg(json_build_array(numero_dest, info_contato, metadata, batch_id) order by id) from talkme.outbox",
    ),
  ).toEqual([
    ["11988887771", { nome: "Ana", geral1: "R$ 10,00" }, { list: Number(list), line: 2 }, Number(batch)],
    ["(21) 98888-7772", { nome: "Bia" }, { list: Number(list), line: 3 }, Number(batch)],
  ]);
  expect(
    await outbox.ask(`select name || ' ' || expected_rows from talkme.batch where id = ${String(batch)}`),
  ).toBe("Natal 2");
  expect(await outbox.ask("select action || ' ' || rows from talkme.audit")).toBe("send_list 2");
});

test("nothing of a list is sent unless it is complete, checked since its last change, and confirmed by its count", async () => {
  const outbox = await TestOutbox.open();
  const unread = await outbox.ask(`select talkme.begin_list('x.csv', '${hash}', '{Celular,Nome,Valor}')`);
  const refusals: unknown[] = [];
  const refused = async (query: string) => refusals.push((await refusalOf(outbox.ask(query))).constraint);

  await refused(`select talkme.check_list(${String(unread)})`);
  const list = await bringIn(outbox, [good, other]);
  await refused(`select talkme.send_list(${list}, 2)`);
  await check(outbox, list);
  await refused(`select talkme.send_list(${list}, 3)`);
  await outbox.ask(`select talkme.correct_line(${list}, 3, left_out => true)`);
  await refused(`select talkme.send_list(${list}, 1)`);
  await check(outbox, list);
  await outbox.ask(`select talkme.send_list(${list}, 1)`);
  await refused(`select talkme.send_list(${list}, 1)`);
  await refused(`select talkme.correct_line(${list}, 3, left_out => false)`);

  expect(refusals).toEqual([
    "list_ready",
    "list_checked",
    "list_rows_confirmed",
    "list_checked",
    "list_not_sent",
    "list_not_sent",
  ]);
  expect(await outbox.ask("select count(*) from talkme.outbox")).toBe("1");
});

test("the same file goes to a campaign twice only if somebody says so", async () => {
  const outbox = await TestOutbox.open();
  const first = await bringIn(outbox, [good]);
  await check(outbox, first);
  await outbox.ask(`select talkme.send_list(${first}, 1)`);
  const second = await bringIn(outbox, [good]);
  await check(outbox, second);
  expect(await refusalOf(outbox.ask(`select talkme.send_list(${second}, 1)`))).toMatchObject({
    constraint: "list_sent_before",
    message: expect.stringContaining("batch 1"),
  });
  await outbox.ask(`select talkme.send_list(${second}, 1, again => true)`);
  expect(await outbox.ask("select count(*) from talkme.outbox")).toBe("2");
});

test("the same file sent from two windows at the same moment goes out once", async () => {
  const outbox = await TestOutbox.open();
  const first = await bringIn(outbox, [good]);
  await check(outbox, first);
  const second = await bringIn(outbox, [good]);
  await check(outbox, second);

  const done: unknown[] = [];
  let racing = Promise.resolve();
  await outbox.db.transaction().execute(async (transaction) => {
    await sql`select talkme.send_list(${first}, 1)`.execute(transaction);
    racing = outbox.ask(`select talkme.send_list(${second}, 1)`).then(
      () => void done.push("sent"),
      (error: unknown) => void done.push(error),
    );
    const waiting =
      "select count(*)::int from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    await expect
      .poll(async () => done.length + Number(await outbox.ask(waiting)), { timeout: 20_000 })
      .toBe(1);
  });
  await racing;

  expect(done).toMatchObject([{ constraint: "list_sent_before" }]);
  expect(await outbox.ask("select count(*) from talkme.outbox")).toBe("1");
});

test("a corrected line is sent, and a page of bad lines says what is wrong with each", async () => {
  const outbox = await TestOutbox.open();
  const list = await bringIn(outbox, [good, ["20988887773", "Caio", ""]]);
  await check(outbox, list);
  expect(
    await outbox.ask(`select json_agg(l) from (
      select line, code, field, message from talkme.list_lines(${list}, only_bad => true)
    ) as l`),
  ).toEqual([
    {
      line: 3,
      code: "outbox_numero_dest_ddd",
      field: "numero_dest",
      message: expect.stringContaining("DDD 20"),
    },
  ]);
  expect(
    await outbox.ask(
      `select array_agg(coalesce(code, 'good')) from talkme.list_lines(${list}, after => 1, most => 2)`,
    ),
  ).toEqual(["good", "outbox_numero_dest_ddd"]);
  await outbox.ask(`select talkme.correct_line(${list}, 3, '{21988887773,Caio,""}')`);
  expect(await check(outbox, list)).toEqual([]);
  await outbox.ask(`select talkme.send_list(${list}, 2)`);
});

test.each([
  ["list_message_object", "[]"],
  ["list_message_key", `{"columns":{"numero_dest":1},"priority":1}`],
  ["list_field_known", `{"columns":{"numero_dest":1,"apelido":2}}`],
  ["list_column_exists", `{"columns":{"numero_dest":4}}`],
  ["list_column_exists", `{"columns":{"numero_dest":0}}`],
  ["list_column_exists", `{"columns":{"numero_dest":"1"}}`],
  ["list_recipient_column", `{"columns":{"nome":2}}`],
])("a way to messages that makes no sense is refused: %s %s", async (rule, message) => {
  const outbox = await TestOutbox.open();
  const list = await bringIn(outbox, [good]);
  const refusal = await refusalOf(outbox.ask(`select talkme.map_list(${list}, '${message}')`));
  expect(refusal).toMatchObject({ constraint: rule, hint: expect.stringMatching(/\.$/) });
});

test("a producer sees and uses its own lists alone", async () => {
  const outbox = await TestOutbox.open();
  const list = await bringIn(outbox, [good]);
  const shop = await personOf(outbox, "list_shop", "talkme_producer");
  expect(await shop.ask("select count(*) from talkme.list")).toBe("0");
  for (const use of [
    `check_list(${list})`,
    `list_lines(${list})`,
    `map_list(${list}, '{}')`,
    `add_lines(${list}, '{9}', '[[]]')`,
    `correct_line(${list}, 2, left_out => true)`,
    `send_list(${list}, 1)`,
    `drop_list(${list})`,
  ])
    expect(await refusalOf(shop.ask(`select talkme.${use}`))).toMatchObject({ constraint: "list_exists" });

  const own = await shop.ask(`select talkme.begin_list('meus.csv', '${hash}', '{Celular}')`);
  expect(await shop.ask("select array_agg(id) from talkme.list")).toEqual([own]);
  await shop.ask(`select talkme.add_lines(${String(own)}, '{2}', '[["11988887771"]]')`);
  await shop.ask(`select talkme.end_list(${String(own)})`);
  await shop.ask(
    `select talkme.map_list(${String(own)}, '{"id_campanha": 1, "columns": {"numero_dest": 1}}')`,
  );
  await shop.ask(`select talkme.check_list(${String(own)})`);
  await shop.ask(`select talkme.send_list(${String(own)}, 1)`);
  expect(await shop.ask("select created_by || ' ' || count(*) from talkme.outbox group by created_by")).toBe(
    "list_shop 1",
  );
});

test("marketing sends lists only to campaigns that it was granted, and still has when it sends", async () => {
  const outbox = await TestOutbox.open();
  const team = await personOf(outbox, "list_team", "talkme_marketing");
  const list = await team.ask(`select talkme.begin_list('lista.csv', '${hash}', '{Celular}')`);
  await team.ask(`select talkme.add_lines(${String(list)}, '{2}', '[["11988887771"]]')`);
  await team.ask(`select talkme.end_list(${String(list)})`);
  const map = `select talkme.map_list(${String(list)}, '{"id_campanha": 7, "columns": {"numero_dest": 1}}')`;
  const noCampaign = `select talkme.map_list(${String(list)}, '{"id_wpp": 7, "columns": {"numero_dest": 1}}')`;
  for (const one of [map, noCampaign])
    expect(await refusalOf(team.ask(one))).toMatchObject({
      code: "42501",
      constraint: "list_campaign_granted",
    });

  await outbox.ask("select talkme.grant_campaign(7, 'list_team')");
  await team.ask(map);
  await team.ask(`select talkme.check_list(${String(list)})`);
  await outbox.ask("select talkme.revoke_campaign(7, 'list_team')");
  const send = `select talkme.send_list(${String(list)}, 1)`;
  expect(await refusalOf(team.ask(send))).toMatchObject({ constraint: "list_campaign_granted" });
  await outbox.ask("select talkme.grant_campaign(7, 'list_team')");
  await team.ask(send);
  expect(await outbox.ask("select created_by || ' ' || id_campanha from talkme.outbox")).toBe("list_team 7");
});

test("a forgotten person's lines are deleted, checked or not, and lists of more than 30 days ago go", async () => {
  const outbox = await TestOutbox.open();
  const checked = await bringIn(outbox, [good, other]);
  await check(outbox, checked);
  const unchecked = await bringIn(outbox, [["+55 11 98888-7771", "Ana", ""], other]);
  expect(await outbox.ask("select talkme.forget('11988887771')")).toContain("2 lines of lists");
  expect(
    await outbox.ask(
      "select json_agg(json_build_array(list_id, line) order by list_id) from talkme.list_line",
    ),
  ).toEqual([
    [Number(checked), 3],
    [Number(unchecked), 3],
  ]);
  await outbox.ask(`update talkme.list set created_at = now() - interval '31 days' where id = ${checked}`);
  for (let more: unknown = true; more === true;)
    more = await outbox.ask("select more from talkme.apply_retention()");
  expect(await outbox.ask("select array_agg(list_id) from talkme.list_line")).toEqual([unchecked]);
});
