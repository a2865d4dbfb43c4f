import { memberUrl } from "@talkme/test-postgres";
import { cloneDatabase } from "@talkme/test-postgres/vitest";
import { sql, type Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import {
  countInstances,
  countRows,
  listMissingPrivileges,
  readOldestSnapshot,
  readQueue,
  readTableHealth,
} from "../src/daemon.ts";
import type { OutboxDatabase } from "../src/index.ts";
import { connect } from "./support/connect.ts";

const roles = ["talkme_producer", "talkme_daemon", "talkme_viewer", "talkme_operator"] as const;
type Role = (typeof roles)[number];
/** A role unknown to the migrations, standing for everybody else. */
type Login = Role | "nobody" | "other_producer" | "producer_and_viewer";

let owner: Kysely<OutboxDatabase>;
const logins = new Map<Login, Kysely<OutboxDatabase>>();
const leaveNothing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const database = await cloneDatabase();
  owner = connect(database.url);
  leaveNothing.push(
    () => database.drop(),
    () => owner.destroy(),
  );
  const ask = async (text: string): Promise<unknown> => sql.raw(text).execute(owner);
  const createGroup = `do $$ begin create role test_group; exception when duplicate_object or unique_violation then null; end $$`;
  await ask(createGroup);
  const urls = new Map<Login, string>();
  for (const role of roles) urls.set(role, await memberUrl(database.url, role));
  urls.set("nobody", await memberUrl(database.url, "test_group", "test_nobody"));
  for (const login of ["other_producer", "producer_and_viewer"] as const)
    urls.set(login, await memberUrl(database.url, "talkme_producer", `test_${login}`));
  await ask("grant talkme_viewer to test_producer_and_viewer");
  for (const [login, url] of urls) {
    const db = connect(url);
    leaveNothing.push(() => db.destroy());
    logins.set(login, db);
  }
  await insertOne("talkme_producer");
  await insertOne("other_producer");
  await ask("insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1)");
});

afterAll(async () => {
  for (const leave of leaveNothing.toReversed()) await leave();
});

function as(login: Login): Kysely<OutboxDatabase> {
  const db = logins.get(login);
  if (db === undefined) throw new Error(`${login} has no connection.`);
  return db;
}

async function insertOne(login: Login): Promise<void> {
  await sql`insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1) returning id`.execute(
    as(login),
  );
}

class Undone extends Error {}

/** The outcome of a statement, which is rolled back: allowed, or its SQLSTATE. */
async function outcomeOf(login: Login, statement: string): Promise<string> {
  try {
    await as(login)
      .transaction()
      .execute(async (transaction) => {
        await sql.raw(statement).execute(transaction);
        throw new Undone();
      });
  } catch (error) {
    if (error instanceof Undone) return "allowed";
    if (error instanceof Error && "code" in error) return String(error.code);
    throw error;
  }
  throw new Error("The statement was not taken back.");
}

const insert = (columns = "", values = ""): string =>
  `insert into talkme.outbox (numero_dest, id_campanha${columns}) values ('11988887777', 1${values})`;

/** Statements and the roles that may run them; everybody else gets 42501. */
const allowed: readonly (readonly [statement: string, ...who: Role[]])[] = [
  [`${insert()} returning *`, "talkme_producer"],
  [
    `${insert(
      ", account, id_wpp, email_dest, txtmsg, assunto, info_contato, priority, send_at, expires_at, dedupe_key, max_attempts, on_unknown, metadata",
      `, 'shop', 9, 'fulano@example.com', 'a', 'b', '{"nome":"Fulano","geral1":"1"}', 1, now(), now() + interval '1 day', 'k', 3, 'hold', '{}'`,
    )} on conflict (account, dedupe_key) where dedupe_key is not null do nothing returning id`,
    "talkme_producer",
  ],
  ...[
    [", status", ", 'pending'"],
    [", attempts", ", 0"],
    [", fence", ", 0"],
    [", retry_at", ", now()"],
    [", claimed_by", ", 'me'"],
    [", finished_at", ", now()"],
    [", reference", ", 'x'"],
    [", response", ", 'x'"],
    [", error_code", ", 'x'"],
    [", created_at", ", '2020-01-01'"],
    [", created_by", ", 'somebody'"],
    [", recipient_hash", ", 'somebody'"],
    [", blanked_at", ", now()"],
  ].map(([columns, values]): readonly [string] => [insert(columns, values)]),
  [
    `insert into talkme.outbox (id, numero_dest, id_campanha) overriding system value values (1, '11988887777', 1)`,
  ],
  [`copy talkme.outbox (status) from '/dev/null'`],
  [`select * from talkme.outbox`, "talkme_producer", "talkme_daemon", "talkme_viewer", "talkme_operator"],
  [`select from talkme.outbox for update`, "talkme_daemon"],
  [`update talkme.outbox set status = 'sent', finished_at = now()`, "talkme_daemon"],
  [
    `update talkme.outbox set attempts = 1, fence = 1, retry_at = now(), claimed_by = 'a', claimed_at = now(),
       http_status = 200, reference = 'a', response = 'a', error_code = 'a', error = 'a'`,
    "talkme_daemon",
  ],
  ...[
    "numero_dest",
    "info_contato",
    "id_campanha",
    "txtmsg",
    "created_by",
    "recipient_hash",
    "metadata",
    "dedupe_key",
  ].map((column): readonly [string] => [`update talkme.outbox set ${column} = null`]),
  [`delete from talkme.outbox`],
  [`truncate talkme.outbox`],
  [`select * from talkme.attempt`, "talkme_daemon", "talkme_viewer", "talkme_operator"],
  [`delete from talkme.attempt`],
  [`update talkme.attempt set outcome = 'accepted'`],
  [`select * from talkme.attempt_default`],
  [`delete from talkme.instance`, "talkme_daemon"],
  [`update talkme.circuit set kind = null`, "talkme_daemon"],
  [`delete from talkme.circuit`],
  [`update talkme.pace set next_at = now()`, "talkme_daemon"],
  [`delete from talkme.gap_claim`],
  ...[
    "instance",
    "circuit",
    "lane",
    "pace",
    "gap_claim",
    "account",
    "campaign",
    "holiday",
    "area",
    "suppression",
    "migration",
  ].map((table): readonly [string, ...Role[]] => [
    `select * from talkme.${table}`,
    "talkme_daemon",
    "talkme_viewer",
    "talkme_operator",
  ]),
  [`select * from talkme.paused`, "talkme_producer", "talkme_daemon", "talkme_viewer", "talkme_operator"],
  [`select * from talkme.audit`, "talkme_viewer", "talkme_operator"],
  [`select * from talkme.migration_lock`],
  [`insert into talkme.audit (action, about, rows) values ('forget', '{}', 1)`],
  [`delete from talkme.audit`],
  [`insert into talkme.migration values ('9999_future', '')`],
  [`delete from talkme.migration`],
  ...["account", "campaign", "holiday", "area", "paused", "suppression"].map((table): readonly [string] => [
    `delete from talkme.${table}`,
  ]),
  [`insert into talkme.suppression (recipient, reason) values ('5511988887777', 'x')`],
  [`insert into talkme.campaign (id_campanha, name, sending_window) values (1, 'x', 'mon-fri 9:00-19:00')`],
  [`select talkme.create_attempt_partitions(1)`, "talkme_daemon"],
  [`select talkme.resume('all')`, "talkme_operator"],
  [`select talkme.enqueue('11988887777', 1)`, "talkme_producer"],
  [`select talkme.explain(1)`, "talkme_producer", "talkme_viewer", "talkme_operator"],
  [`select * from talkme.history(1)`, "talkme_producer", "talkme_viewer", "talkme_operator"],
  [
    `select talkme.cancel(max(id)) from talkme.outbox where status = 'pending'`,
    "talkme_producer",
    "talkme_operator",
  ],
  [`select talkme.cancel_where(id_campanha => 1, go => true)`, "talkme_operator", "talkme_producer"],
  [`select talkme.retry_where(status => 'failed', go => true)`, "talkme_operator"],
  [`select talkme.pause_where(id_campanha => 1, go => true)`, "talkme_operator", "talkme_producer"],
  [`select talkme.resume_where(id_campanha => 1, go => true)`, "talkme_operator", "talkme_producer"],
  [
    `select talkme.correct_where('{"priority": 1}', id_campanha => 1, go => true)`,
    "talkme_operator",
    "talkme_producer",
  ],
  [`select talkme.postpone_where(now(), id_campanha => 1, go => true)`, "talkme_operator", "talkme_producer"],
  [`select talkme.resolve_where('failed', account => 'default', go => true)`, "talkme_operator"],
  [`select talkme.resolve_report(sent => '{11988887777}', id_campanha => 1, go => true)`, "talkme_operator"],
  [`select talkme.set_campaign(1, '{"name": "x"}')`, "talkme_operator"],
  [`select talkme.set_account('default', '{"recipient_gap": "1 day"}')`, "talkme_operator"],
  [`select talkme.set_holiday('2026-12-25', 'Natal')`, "talkme_operator"],
  [`update talkme.campaign set active = false`],
  [`select talkme.pause('all', 'x')`, "talkme_operator"],
  [`select talkme.suppress('11988887777', 'x')`, "talkme_operator"],
  [`select talkme.unsuppress('11988887777')`, "talkme_operator"],
  [`select talkme.forget('11988887777')`, "talkme_operator"],
  [`select talkme.apply_retention(10)`, "talkme_daemon", "talkme_operator"],
  [`select talkme.roll_up()`, "talkme_daemon", "talkme_operator"],
  [`select * from talkme.hourly`, "talkme_viewer", "talkme_operator"],
  [`select * from talkme.hourly_progress`, "talkme_viewer", "talkme_operator"],
  [`delete from talkme.hourly`],
  [`select talkme.configure_account('default', 'mon-fri 9-19', '7 days', '30 days')`, "talkme_daemon"],
  [`select * from talkme.retention_floor`, "talkme_daemon", "talkme_viewer", "talkme_operator"],
  [`update talkme.retention_floor set retention = '1 day'`],
  [`delete from talkme.retention_progress`],
  [`select talkme.hash_recipient('5511988887777')`, "talkme_operator"],
  [`select * from talkme.hash_key`],
  [`select * from talkme.retention_progress`, "talkme_viewer", "talkme_operator"],
  [`select * from talkme.audit_row`, "talkme_viewer", "talkme_operator"],
  [`select * from talkme.stats`, "talkme_viewer", "talkme_operator"],
  [`select * from talkme.failures`, "talkme_viewer", "talkme_operator"],
  [`select * from talkme.captures`, "talkme_producer", "talkme_viewer", "talkme_operator"],
  [`select * from talkme.capture_rule`, "talkme_viewer", "talkme_operator"],
  [`select * from talkme.capture_error`, "talkme_viewer", "talkme_operator"],
  [`delete from talkme.capture_error`],
  [
    `insert into talkme.capture_error (capture, source, event, sqlstate, message, hint) values ('x', 'x', 'x', '1', 'x', 'x')`,
  ],
  [`select talkme.bring_back('{1}', null)`],
  [`select talkme.decide('{1}', 'sent')`],
  [`select talkme.perform_action('cancel', '{1}', '{}')`],
  [`select talkme.retain_rows('delete', '{1}')`],
  [`select talkme.drop_attempt_partition(now())`],
  [`select talkme.record_audit('forget', '{}', 1, 'x')`],
  [`select talkme.outbox_refuse('a', 'b', 'c')`],
  [`select * from talkme.info_contato_problems('{}')`],
  [`select talkme.recipient_of('11988887777', null)`, "talkme_daemon", "talkme_viewer", "talkme_operator"],
  [`create table talkme.mine ()`],
  [`create view talkme.mine as select 1`],
  [`create function talkme.mine() returns integer language sql return 1`],
  [`create trigger mine before insert on talkme.outbox for each row execute function talkme.check_outbox()`],
  [`create policy mine on talkme.outbox using (true)`],
  [`alter table talkme.outbox disable row level security`],
  [`alter table talkme.outbox disable trigger check_outbox`],
  [`alter function talkme.caller() owner to current_user`],
  [`drop table talkme.outbox`],
  [`drop schema talkme cascade`],
  [`set local session_replication_role = replica`],
  [`set session authorization postgres`],
];

describe("privileges are those of the table", () => {
  const cases = allowed.flatMap(([statement, ...who]) =>
    [...roles, "nobody" as const].map((role) => ({
      role,
      statement,
      outcome: who.some((one) => one === role) ? "allowed" : "42501",
    })),
  );

  test.each(cases)("$role: $statement is $outcome", async ({ role, statement, outcome }) => {
    expect(await outcomeOf(role, statement)).toBe(outcome);
  });

  test.each(roles)("%s cannot become another role", async (role) => {
    for (const other of ["postgres", ...roles.filter((one) => one !== role)])
      expect(await outcomeOf(role, `set role ${other}`)).toBe("42501");
  });
});

/** The creators of the rows that a login sees. */
async function seen(login: Login): Promise<readonly string[]> {
  const { rows } = await sql<{ created_by: string }>`
    select distinct created_by from talkme.outbox order by created_by
  `.execute(as(login));
  return rows.map((row) => row.created_by);
}

describe("a producer", () => {
  const everybody = ["postgres", "test_other_producer", "test_talkme_producer"];

  test("sees only the rows that it inserted", async () => {
    expect(await seen("talkme_producer")).toEqual(["test_talkme_producer"]);
    expect(await seen("other_producer")).toEqual(["test_other_producer"]);
  });

  test("sees all rows if another privilege lets it read everything", async () => {
    expect(await seen("producer_and_viewer")).toEqual(everybody);
  });

  test.each(["talkme_daemon", "talkme_viewer", "talkme_operator"] as const)(
    "is not what %s is: it sees all",
    async (role) => {
      expect(await seen(role)).toEqual(everybody);
    },
  );

  test("sees the rows of a role it is a member of until that role is dropped", async () => {
    await sql`create role test_team`.execute(owner);
    try {
      await sql`grant talkme_producer to test_team`.execute(owner);
      await sql`grant test_team to test_other_producer`.execute(owner);
      await as("other_producer")
        .transaction()
        .execute(async (transaction) => {
          await sql`set local role test_team`.execute(transaction);
          await sql.raw(`${insert()} returning id`).execute(transaction);
        });
      expect(await seen("other_producer")).toEqual(["test_other_producer", "test_team"]);
      expect(await seen("talkme_producer")).toEqual(["test_talkme_producer"]);
    } finally {
      await sql`drop role test_team`.execute(owner);
    }
    expect(await seen("other_producer")).toEqual(["test_other_producer"]);
  });

  test("learns nothing of others' rows through its own functions or a leaky condition", async () => {
    const { rows } = await as("talkme_producer")
      .transaction()
      .execute(async (transaction) => {
        await sql`
          create function pg_temp.leak(numero text, who name) returns boolean language plpgsql cost 0.0000001 as
          $$ begin if who <> session_user then raise exception 'seen: %', numero; end if; return true; end $$
        `.execute(transaction);
        return sql`select id from talkme.outbox where pg_temp.leak(numero_dest, created_by)`.execute(
          transaction,
        );
      });
    expect(rows).toHaveLength(1);
  });

  test("inserts through another owner's function and sees the row", async () => {
    await sql`
      create function public.order_shipped() returns bigint language sql security definer
      set search_path = pg_catalog, pg_temp
      begin atomic
        insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1) returning id;
      end
    `.execute(owner);
    await sql`alter function public.order_shipped() owner to test_other_producer`.execute(owner);
    expect(await outcomeOf("nobody", "select public.order_shipped()")).toBe("allowed");
  });
});

describe("grants from before the roles", () => {
  test("still let a role insert and see every row", async () => {
    await sql`grant usage on schema talkme to test_nobody`.execute(owner);
    await sql`grant insert (numero_dest, id_campanha, info_contato), select (id, status) on talkme.outbox to test_nobody`.execute(
      owner,
    );
    try {
      expect(
        await outcomeOf(
          "nobody",
          `${insert(", info_contato", `, '{"nome":"Fulano"}'`)} returning id, status`,
        ),
      ).toBe("allowed");
      const { rows } = await sql`select id from talkme.outbox`.execute(as("nobody"));
      const { rows: all } = await sql`select id from talkme.outbox`.execute(owner);
      expect(rows).toEqual(all);
    } finally {
      await sql`revoke all on talkme.outbox from test_nobody`.execute(owner);
      await sql`revoke all (numero_dest, id_campanha, info_contato, id, status) on talkme.outbox from test_nobody`.execute(
        owner,
      );
      await sql`revoke usage on schema talkme from test_nobody`.execute(owner);
    }
  });
});

describe("the daemon", () => {
  test("lacks nothing that syncd check looks for", async () => {
    expect(await listMissingPrivileges(as("talkme_daemon"))).toEqual([]);
  });

  test("reads everything that its metrics show", async () => {
    const db = as("talkme_daemon");
    expect((await countRows(db)).byStatus).toMatchObject({ pending: expect.any(Number) });
    expect((await readQueue(db)).lanes).toHaveLength(1);
    expect(await countInstances(db)).toEqual({ alive: 0, silent: 0 });
    expect(await readTableHealth(db)).toContainEqual(expect.objectContaining({ table: "outbox" }));
    await readOldestSnapshot(db);
  });

  test("gets an exact list of what it lacks", async () => {
    await sql`revoke update (error, fence) on talkme.outbox from talkme_daemon`.execute(owner);
    await sql`revoke delete on talkme.instance from talkme_daemon`.execute(owner);
    try {
      expect(await listMissingPrivileges(as("talkme_daemon"))).toEqual([
        "DELETE on talkme.instance",
        "UPDATE (fence, error) on talkme.outbox",
      ]);
    } finally {
      await sql`grant update (error, fence) on talkme.outbox to talkme_daemon`.execute(owner);
      await sql`grant delete on talkme.instance to talkme_daemon`.execute(owner);
    }
  });

  test("has the same plans as the owner, who is exempt from policies", async () => {
    const claim = `explain (costs off) update talkme.outbox set status = 'sending' where id = any(array(
      select id from talkme.outbox
      where status = 'pending' and lane = 'default/1/-' and priority = 0 and due_at <= now()
        and (due_at, id) > ('-infinity', 0)
      order by due_at, id limit 5 for update skip locked))`;
    const plans = [as("talkme_daemon"), owner].map(async (db) => (await sql.raw(claim).execute(db)).rows);
    const [daemons, owners] = await Promise.all(plans);
    expect(JSON.stringify(daemons)).toContain("outbox_ready");
    expect(daemons).toEqual(owners);
  });
});

describe("in the whole schema", () => {
  /** Functions that PUBLIC may execute: PostgreSQL runs them for any role that writes a row. */
  const forEverybody = [
    "talkme.address_key(text)",
    "talkme.caller()",
    "talkme.dialled_digits(text)",
    "talkme.foreign_key(text)",
    "talkme.is_account_name(text)",
    "talkme.is_address(text)",
    "talkme.is_api_number(bigint)",
    "talkme.known_variables()",
    "talkme.language(text)",
    "talkme.national_digits(text)",
    "talkme.number_key(text)",
    "talkme.numbering_plans()",
    "talkme.parse_sending_window(text)",
    "talkme.recipient_key(text,text)",
    "talkme.recipient_of_row(text,text,text)",
    "talkme.refuse_edit(talkme.outbox,talkme.outbox)",
    "talkme.say(text,jsonb,text)",
    "talkme.say_number(numeric,text)",
    "talkme.say_parameter(text,jsonb,text)",
    "talkme.say_span(interval,text)",
    "talkme.say_time(timestamp with time zone,text)",
    "talkme.scope_parts(text)",
    "talkme.trim_blanks(text)",
  ];
  /** Other functions are internal: only the schema's own triggers and functions call them. */
  const callable: Readonly<Record<Role, readonly string[]>> = {
    talkme_producer: [
      "add_lines",
      "begin_list",
      "cancel",
      "cancel_where",
      "capture",
      "capture_expression",
      "capture_failed",
      "capture_types",
      "check_capture_request",
      "check_list",
      "check_one_expression",
      "correct_line",
      "correct_where",
      "count_batch",
      "count_list",
      "define_capture",
      "drop_capture",
      "drop_list",
      "end_list",
      "enqueue",
      "enqueue_problems",
      "explain",
      "export_batch",
      "find_messages",
      "granted_campaigns",
      "hide_numbers",
      "history",
      "list_lines",
      "list_problems",
      "map_list",
      "mask_recipient",
      "may_record",
      "pause",
      "pause_where",
      "postpone_where",
      "preview_list",
      "problem_of",
      "problems",
      "reais",
      "reasons",
      "record_capture_error",
      "refuse_capture",
      "register_capture",
      "resume",
      "resume_where",
      "sees_every_row",
      "send_list",
      "try_capture_expressions",
      "unregister_capture",
      "without_values",
      "write_capture",
    ],
    talkme_daemon: [
      "apply_retention",
      "area_of",
      "below_retention_floor",
      "can_claim",
      "check_history",
      "claims_confirmed",
      "configure_account",
      "confirm_history",
      "count_batch",
      "count_campaigns",
      "create_attempt_partitions",
      "end_or_put_off",
      "first_opening",
      "held_until",
      "history_notice",
      "history_state",
      "judge_claimer",
      "judge_era",
      "judge_wishes",
      "lane_parts",
      "last_opening",
      "next_opening",
      "notify_daemon",
      "opens_at",
      "pick_restricted",
      "raise_claim_durability",
      "read_circuits",
      "read_queue",
      "recall_claims",
      "recipient_of",
      "refuse_contradiction",
      "refuse_rewriting",
      "roll_up",
      "say_error",
      "scopes_of",
      "seal",
      "sequences_behind",
      "server_identity",
      "settle_and_claim",
      "settle_others",
      "silent_captures",
      "testify",
    ],
    talkme_viewer: [
      "area_of",
      "count_batch",
      "count_campaigns",
      "count_rows",
      "explain",
      "export_batch",
      "find_messages",
      "granted_campaigns",
      "held_until",
      "hide_numbers",
      "history",
      "history_doubts",
      "history_notice",
      "history_state",
      "is_paused",
      "mask_recipient",
      "next_opening",
      "opens_at",
      "problems",
      "reasons",
      "recipient_of",
      "reveal",
      "say_error",
      "scopes_of",
      "sees_every_row",
      "sequences_behind",
      "server_identity",
      "silent_captures",
    ],
    talkme_operator: [
      "acknowledge_history",
      "add_lines",
      "allow_local_claims",
      "apply_retention",
      "area_of",
      "begin_list",
      "cancel",
      "cancel_where",
      "check_history",
      "check_list",
      "correct_line",
      "correct_where",
      "count_batch",
      "count_campaigns",
      "count_list",
      "count_rows",
      "drop_list",
      "end_list",
      "explain",
      "export_batch",
      "find_messages",
      "forget",
      "grant_campaign",
      "granted_campaigns",
      "hash_recipient",
      "held_until",
      "hide_numbers",
      "history",
      "history_doubts",
      "history_notice",
      "history_state",
      "is_paused",
      "list_lines",
      "list_problems",
      "map_list",
      "mask_recipient",
      "next_opening",
      "opens_at",
      "pause",
      "pause_where",
      "postpone_where",
      "preview_list",
      "problems",
      "reais",
      "reasons",
      "recipient_of",
      "resolve",
      "resolve_report",
      "resolve_where",
      "resume",
      "resume_where",
      "retry",
      "retry_where",
      "reveal",
      "revoke_campaign",
      "roll_up",
      "say_error",
      "scopes_of",
      "sees_every_row",
      "send_list",
      "sequences_behind",
      "server_identity",
      "set_account",
      "set_campaign",
      "set_holiday",
      "silent_captures",
      "suppress",
      "unsuppress",
    ],
  };

  test("PUBLIC can execute no function except those that writing a row needs", async () => {
    const { rows } = await sql<{ name: string }>`
      select p.oid::regprocedure::text as name from pg_proc as p
      where p.pronamespace = 'talkme'::regnamespace
        and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) where grantee = 0)
        -- Constants: what everybody is told.
        and p.proname !~ '^phrases'
      order by 1
    `.execute(owner);
    expect(rows.map(({ name }) => name)).toEqual(forEverybody);
  });

  test("every SECURITY DEFINER function fixes its search_path, with pg_temp last, and is closed to PUBLIC", async () => {
    const { rows } = await sql<{ name: string; path: string; public: boolean }>`
      select p.oid::regprocedure::text as name, setting as path, has_function_privilege('public', p.oid, 'EXECUTE') as public
      from pg_proc as p left join unnest(p.proconfig) as setting on setting like 'search_path=%'
      where p.pronamespace = 'talkme'::regnamespace and p.prosecdef
    `.execute(owner);
    expect(rows.length).toBeGreaterThan(4);
    for (const row of rows)
      expect(row).toMatchObject({ path: "search_path=pg_catalog, pg_temp", public: false });
  });

  test.each(Object.entries(callable))("%s may call only these functions", async (role, names) => {
    const { rows } = await sql<{ name: string }>`
      select distinct p.proname as name
      from pg_proc as p cross join aclexplode(p.proacl) as a
      where p.pronamespace = 'talkme'::regnamespace and a.grantee = ${role}::regrole
      order by 1
    `.execute(owner);
    expect(rows.map(({ name }) => name)).toEqual(names);
  });

  test("nothing is granted to PUBLIC", async () => {
    const { rows } = await sql`
      select c.relname from pg_class as c cross join aclexplode(c.relacl) as a
      where c.relnamespace = 'talkme'::regnamespace and a.grantee = 0
      union all
      select nspname from pg_namespace cross join aclexplode(nspacl) as a where nspname = 'talkme' and a.grantee = 0
    `.execute(owner);
    expect(rows).toEqual([]);
  });

  test("a viewer reads every table and view except the console's passwords and sessions, the key of the hashes, the migration tool's lock and the partitions", async () => {
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class
      where relnamespace = 'talkme'::regnamespace and relkind in ('r', 'p', 'v', 'm') and not relispartition
        and not has_table_privilege('talkme_viewer', oid, 'SELECT')
    `.execute(owner);
    expect(rows.map(({ name }) => name).toSorted()).toEqual([
      "console_account",
      "console_session",
      "hash_key",
      "migration_lock",
    ]);
  });

  test("the roles cannot log in", async () => {
    const { rows } = await sql<{ name: string }>`
      select rolname as name from pg_roles
      where rolname ~ '^talkme_' and not rolcanlogin and not rolsuper and not rolcreaterole and not rolbypassrls
    `.execute(owner);
    expect(rows).toHaveLength(6);
  });
});
