import { readFileSync } from "node:fs";

import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { readSpoken } from "./support/phrases.ts";
import { TestOutbox } from "./support/outbox.ts";

const later = "now() + interval '1 hour'";
const earlier = "now() - interval '1 hour'";
const closed = `(array['sun','mon','tue','wed','thu','fri','sat'])[1 + extract(dow from now() + interval '3 days')::integer] || ' 9-10'`;
const set = (what: string): string => `update talkme.outbox set ${what} where id = 1`;
const pause = (scope: string): string =>
  `insert into talkme.paused (scope, reason, paused_by) values ('${scope}', 'preço errado', 'ana')`;
const another = (columns: string, values: string): string =>
  `insert into talkme.outbox (numero_dest, id_campanha, id_wpp, send_at, ${columns}) values ('11988887777', 5, 9, ${earlier}, ${values})`;
const openCircuit = (halfOpenAt: string): string =>
  `insert into talkme.circuit (account, kind, opened_at, half_open_at) values ('default', 'trouble', now(), ${halfOpenAt})`;
const fly = set(
  "status = 'sending', claimed_by = 'a', claimed_at = now(), claim = 1, fence = 1, attempts = 1",
);
const doubt = set(
  "status = 'unknown', claimed_by = 'a', claimed_at = now(), attempts = 1, error_code = 'timeout', error = 'No answer.'",
);
const changeHistory = "update talkme.history set timeline = '0000FFFF'";
const suppress =
  "insert into talkme.suppression (recipient, reason, suppressed_by) values ('5511988887777', 'pediu', 'ana')";

/** What is done to row 1 of batch 1, which is due and the only one, and the codes that talkme.reasons then returns. */
const cases: readonly (readonly [codes: string, ...statements: readonly string[]])[] = [
  ["next goes_now"],
  ["not_due goes_at", set(`send_at = ${later}`)],
  [
    "attempt_failed goes_at",
    set(`attempts = 2, retry_at = ${later}, error_code = 'dns_failed', error = 'No host.'`),
  ],
  [
    "attempt_not_counted goes_at",
    set(`retry_at = ${later}, error_code = 'rate_limited', error = 'Too many.'`),
  ],
  ["retry_at goes_at", set(`retry_at = ${later}`)],
  ["held_burst stays", set("retry_at = talkme.held_until(), error_code = 'held_burst'")],
  ["held_duplicate stays", set("retry_at = talkme.held_until(), error_code = 'held_duplicate'")],
  ["held stays", set("retry_at = talkme.held_until(), error_code = 'batch_paused'")],
  [
    "window_closed goes_at",
    `insert into talkme.account (account, sending_window) values ('default', ${closed})`,
  ],
  ["window_closed goes_at", set(`retry_at = ${later}, error_code = 'outside_window'`)],
  ["recipient_gap goes_at", set(`retry_at = ${later}, error_code = 'recipient_gap'`)],
  [
    "recipient_gap goes_at",
    "insert into talkme.account (account, recipient_gap) values ('default', '1 day')",
    another("txtmsg", "'x'"),
    `update talkme.outbox set status = 'sent', claimed_by = 'a', claimed_at = now(), finished_at = now() where id > 1`,
  ],
  [
    "paused paused paused paused paused stays",
    ...["all", "account:default", "campaign:5", "channel:9", "batch:1"].map(pause),
    set("retry_at = talkme.held_until(), error_code = 'batch_paused'"),
  ],
  ["paused expires_first", pause("all"), set(`expires_at = ${later}`)],
  [
    "campaign_inactive stays",
    "insert into talkme.campaign (id_campanha, name, active) values (5, 'Natal', false)",
  ],
  ["circuit_open goes_not_before", openCircuit(later)],
  ["circuit_half_open", openCircuit("now()")],
  [
    "lane_not_found goes_not_before",
    `insert into talkme.lane values ('default/5/9', 'default', null, 2, ${later})`,
  ],
  [
    "lane_not_understood goes_not_before",
    `insert into talkme.lane values ('default/5/9', 'default', now(), 0, ${later})`,
  ],
  ["no_instance stays", "update talkme.instance set heartbeat_at = now() - interval '31 seconds'"],
  ["no_standby stays", "update talkme.instance set durability = 'standby'"],
  ["local_claims_refused stays", "update talkme.history set claim_durability = 'standby'"],
  ["account_unserved stays", "update talkme.instance set accounts = '{loja,vendas}'"],
  ["next goes_now", "update talkme.instance set accounts = '{loja,default}'"],
  ["history_changed stays", changeHistory],
  ["rate_used_up next goes_at", `insert into talkme.pace values ('campaign:5', ${later})`],
  ["queue", another("priority", "-1")],
  [
    "queue goes_at",
    another("priority", "-1"),
    "insert into talkme.campaign (id_campanha, name, rate_per_second) values (5, 'Natal', 0.01)",
  ],
  [
    "long_queue goes_not_before",
    "insert into talkme.outbox (numero_dest, id_campanha, id_wpp, priority, send_at) select '11988887777', 5, 9, -1, now() - interval '1 hour' from generate_series(1, 10001)",
    "insert into talkme.campaign (id_campanha, name, rate_per_second) values (5, 'Natal', 1)",
  ],
  ["next due_long", set(`send_at = ${earlier}`)],
  ["suppressed", suppress],
  ["expiry_passed", set(`send_at = now() - interval '2 hours', expires_at = ${earlier}`)],
  ["claim_unsettled", "alter table talkme.outbox disable trigger zzz_verify_outbox", set("claim = 1")],
  ["on_wire answer_awaited", fly],
  ["on_wire instance_silent", fly, "update talkme.instance set heartbeat_at = now() - interval '31 seconds'"],
  ["on_wire instance_gone", fly, "delete from talkme.instance"],
  ["on_wire instance_gone_before_change history_changed", fly, "delete from talkme.instance", changeHistory],
  ["sent", set("status = 'sent', finished_at = now(), reference = '77'")],
  ["declared_sent", doubt, "select talkme.resolve(1, 'sent', 'está no Talk.me')"],
  ["may_have_been_sent", doubt],
  [
    "failed",
    set(
      "status = 'failed', finished_at = now(), attempts = 3, error_code = 'invalid_ddd', error = 'No such DDD.'",
    ),
  ],
  [
    "failed blanked",
    set(
      "status = 'failed', finished_at = now(), attempts = 3, error_code = 'invalid_ddd', blanked_at = now()",
    ),
  ],
  ["declared_failed", doubt, "select talkme.resolve(1, 'failed')"],
  [
    "expired",
    set(
      `status = 'expired', error_code = 'expired', send_at = ${earlier}, expires_at = now(), finished_at = now()`,
    ),
  ],
  ["cancelled", "select talkme.cancel(1, 'lista errada')"],
  [
    "cancelled_suppressed",
    suppress,
    set("status = 'cancelled', error_code = 'suppressed', finished_at = now()"),
  ],
  ["cancelled_unsuppressed", set("status = 'cancelled', error_code = 'suppressed', finished_at = now()")],
  ["cancelled_forgotten", set("status = 'cancelled', error_code = 'forgotten', finished_at = now()")],
  [
    "attempt_failed window_closed paused paused campaign_inactive circuit_open lane_not_found stays",
    set(`attempts = 2, retry_at = ${later}, error_code = 'dns_failed', error = 'No host.'`),
    `insert into talkme.campaign (id_campanha, name, active, sending_window) values (5, 'Natal', false, ${closed})`,
    ...["all", "campaign:5"].map(pause),
    openCircuit(later),
    `insert into talkme.lane values ('default/5/9', 'default', null, 2, ${later})`,
  ],
  [
    "suppressed window_closed recipient_gap paused circuit_open no_instance rate_used_up queue",
    suppress,
    `insert into talkme.account (account, sending_window, recipient_gap) values ('default', ${closed}, '1 day')`,
    another("priority, txtmsg", "0, 'x'"),
    "update talkme.outbox set status = 'sent', claimed_by = 'a', claimed_at = now(), finished_at = now() where id > 1",
    another("priority", "-1"),
    pause("channel:9"),
    openCircuit(later),
    "delete from talkme.instance",
    `insert into talkme.pace values ('campaign:5', ${later})`,
  ],
];

interface Told {
  readonly codes: readonly string[];
  readonly parameters: readonly Readonly<Record<string, unknown>>[];
  readonly en: string;
  readonly pt: string;
}

/** Row 1 of batch 1 with a running instance, and what is told of it after some statements, which are undone. */
async function openRow(): Promise<(statements: readonly string[]) => Promise<Told>> {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.ask("insert into talkme.batch (name) values ('Natal')");
  await outbox.insert("numero_dest, id_campanha, id_wpp, batch_id", "values ('11988887777', 5, 9, 1)");
  const client = new Client({ connectionString: outbox.url });
  await client.connect();
  onTestFinished(() => client.end());
  return async (statements) => {
    await client.query("begin");
    for (const statement of statements) await client.query(statement);
    const { rows } = await client.query<Told>(`
      select array_agg(r.code) as codes, json_agg(r.parameters) as parameters, talkme.explain(1, 'en') as en, talkme.explain(1, 'pt-BR') as pt
      from talkme.reasons(1) as r`);
    await client.query("rollback");
    if (rows[0] === undefined) throw new Error("Nothing is told.");
    return rows[0];
  };
}

test("reasons names every obstacle of a row, whatever its status, and explain says each in both languages", async () => {
  const tell = await openRow();
  const told: Told[] = [];
  for (const [, ...statements] of cases) told.push(await tell(statements));
  expect(told.map(({ codes }) => codes.join(" "))).toEqual(cases.map(([codes]) => codes));

  const faults = told.filter(
    ({ en, pt }) =>
      !/^[A-Z][^{}[\]]*\.$/.test(en) ||
      !/^[A-ZÀ-Ú][^{}[\]]*\.$/.test(pt) ||
      /reason\.|null|88887777/.test(en + pt) ||
      /\b(?:until|it is|nothing|No host|No answer)\b/.test(pt),
  );
  expect(faults).toEqual([]);
  const seen = new Set(told.flatMap(({ codes }) => codes));

  const { phrases } = await readSpoken();
  const known = Object.keys(phrases).flatMap((key) => (key.startsWith("reason.") ? [key.slice(7)] : []));
  const words = ["no_row", "pending"];
  expect([...seen, ...words].toSorted()).toEqual([...known, "history_changed"].toSorted());
});

test("docs/sql.md lists every code of reasons, and no other", () => {
  const guide = readFileSync(new URL("../../../docs/sql.md", import.meta.url), "utf8");
  const table = /^\| code +\| parameters .*\n\| -.*\n((?:\|.*\n)+)/m.exec(guide)?.[1] ?? "";
  const firstColumns = table.replaceAll(/^(\|[^|]*\|).*$/gm, "$1");
  const documented = [...firstColumns.matchAll(/`([a-z_]+)`/g)].map(([, code = ""]) => code);
  const codes = new Set(cases.flatMap(([one]) => one.split(" ")));
  expect(documented.toSorted()).toEqual([...codes].toSorted());
});

const campaign = (window: string, rate: string): string =>
  `insert into talkme.campaign (id_campanha, name, sending_window, rate_per_second) values (5, 'Natal', ${window}, ${rate})`;

test("the forecast goes by what lasts longest: the window after the circuit, the queue at the campaign's rate", async () => {
  const tell = await openRow();
  const open = "mon-sun 0:00-24:00";
  const forecastOf = async (...statements: readonly string[]): Promise<number> => {
    const { parameters } = await tell(statements);
    return (Date.parse(String(parameters.at(-1)?.["at"])) - Date.now()) / 1000;
  };

  const circuit = openCircuit("now() + interval '2 hours'");
  expect(await forecastOf(circuit)).toBeGreaterThan(7100);
  // Three days from now, at nine.
  expect(await forecastOf(circuit, campaign(closed, "null"))).toBeGreaterThan(86_400);
  const hundred =
    "insert into talkme.outbox (numero_dest, id_campanha, id_wpp, priority, send_at) select '11988887777', 5, 9, -1, now() - interval '1 hour' from generate_series(1, 100)";
  const atRate = await forecastOf(hundred, campaign(`'${open}'`, "0.1"));
  // It counts whole minutes of a window.
  expect(atRate).toBeGreaterThan(930);
  expect(atRate).toBeLessThan(1010);
  // What was sent in the last minute counts for more than what may be.
  const measured = await forecastOf(
    hundred,
    campaign("null", "100"),
    "update talkme.outbox set status = 'sent', claimed_by = 'a', claimed_at = now(), finished_at = now() where id in (select id from talkme.outbox where id > 1 order by id limit 60)",
  );
  expect(measured).toBeGreaterThan(35);
  expect(measured).toBeLessThan(45);
});

test("a row that nobody may see has no reasons", async () => {
  const outbox = await TestOutbox.open();
  expect(await outbox.ask("select count(*)::integer from talkme.reasons(7)")).toBe(0);
  expect(await outbox.ask("select talkme.explain(7, 'pt-BR')")).toBe(
    "Não existe a linha 7, ou você não pode vê-la.",
  );
});
