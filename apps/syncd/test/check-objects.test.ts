import { describe, expect, test } from "vitest";

import { check, fine, found, type Report } from "./support/check.ts";
import { Stage } from "./support/stage.ts";
import { environmentFor, Syncd } from "./support/syncd.ts";

const hostile = `
  create schema evil;
  grant usage on schema evil to public;
  create function evil.now() returns timestamptz language sql as 'select timestamptz ''epoch''';
  create function evil.differs(text, text) returns boolean language sql as 'select false';
  create operator evil.= (leftarg = text, rightarg = text, function = evil.differs);
  create table evil.pg_class (relname text)`;

/** Damage to a database, what `check` says of it, and whether `run` refuses to start. */
const damages: readonly {
  readonly what: string;
  readonly sql: string;
  readonly subject: string;
  readonly says: string;
  readonly remedy: string;
  readonly stops: boolean;
}[] = [
  ...(
    [
      ["row security is off for the database", "row_security = off", "row_security is off", true],
      ["the role is one of replication", "session_replication_role = replica", "triggers", false],
    ] as const
  ).map(([what, setting, says, stops]) => ({
    what,
    sql: `do $$ begin execute format('alter database %I set ${setting}', current_database()); end $$`,
    subject: "session",
    says,
    remedy: "reset",
    stops,
  })),
  {
    what: "functions and operators of another schema come before PostgreSQL's",
    sql: `${hostile}; do $$ begin execute format('alter database %I set search_path = evil, pg_catalog', current_database()); end $$`,
    subject: "session",
    says: "evil.=, evil.now(), evil.pg_class",
    remedy: "reset search_path",
    stops: true,
  },
  {
    what: "tables belong to somebody else than the functions",
    sql: "create role other_owner; alter table talkme.outbox owner to other_owner; alter table talkme.circuit owner to other_owner",
    subject: "owners",
    says: "talkme.circuit, talkme.outbox",
    remedy: "reassign owned by other_owner",
    stops: false,
  },
  {
    what: "functions belong to somebody who may not use the tables",
    sql: `create role poor_owner; grant usage, create on schema talkme to poor_owner;
      alter function talkme.apply_retention(integer, interval) owner to poor_owner`,
    subject: "owners",
    says: "Functions cannot use talkme.account",
    remedy: "reassign owned by poor_owner",
    stops: true,
  },
  {
    what: "row level security hides a table",
    sql: "alter table talkme.circuit enable row level security",
    subject: "security",
    says: "enabled on talkme.circuit",
    remedy: "disable row level security",
    stops: true,
  },
  {
    what: "producers see each other's rows",
    sql: "alter table talkme.outbox disable row level security",
    subject: "security",
    says: "disabled on talkme.outbox",
    remedy: "enable row level security",
    stops: false,
  },
  {
    what: "row level security holds for the owner, too",
    sql: "alter table talkme.outbox force row level security",
    subject: "security",
    says: "forced on talkme.outbox",
    remedy: "no force",
    stops: false,
  },
  {
    what: "the policy that lets everybody in is gone",
    sql: "drop policy outbox_everybody on talkme.outbox",
    subject: "security",
    says: "outbox_everybody is missing",
    remedy: "syncd migrate --print",
    stops: true,
  },
  {
    what: "a policy of somebody else hides rows",
    sql: "create policy mine on talkme.outbox as restrictive using (id > 5)",
    subject: "security",
    says: "the policy mine on talkme.outbox",
    remedy: "drop policy mine",
    stops: false,
  },
  {
    what: "all triggers are disabled",
    sql: "alter table talkme.outbox disable trigger user",
    subject: "triggers",
    says: "guard_outbox on talkme.outbox is disabled",
    remedy: "enable trigger guard_outbox",
    stops: false,
  },
  {
    what: "a trigger no longer fires always",
    sql: "alter table talkme.outbox enable trigger zzz_verify_outbox",
    subject: "triggers",
    says: "zzz_verify_outbox on talkme.outbox no longer fires for replication",
    remedy: "enable always trigger zzz_verify_outbox",
    stops: false,
  },
  {
    what: "a trigger fires for replication alone",
    sql: "alter table talkme.campaign enable replica trigger check_setting",
    subject: "triggers",
    says: "check_setting on talkme.campaign no longer fires for applications",
    remedy: "enable trigger check_setting",
    stops: false,
  },
  {
    what: "a trigger is gone",
    sql: "drop trigger keep_blank on talkme.outbox",
    subject: "triggers",
    says: "keep_blank on talkme.outbox is missing",
    remedy: "Create it again",
    stops: false,
  },
  {
    what: "the index that keeps keys unique is gone",
    sql: "drop index talkme.outbox_dedupe_key",
    subject: "indexes",
    says: "talkme.outbox_dedupe_key is missing",
    remedy: "Create it again",
    stops: false,
  },
  {
    what: "the index that keeps keys unique is invalid",
    sql: "update pg_index set indisvalid = false where indexrelid = 'talkme.outbox_dedupe_key'::regclass",
    subject: "indexes",
    says: "talkme.outbox_dedupe_key is invalid",
    remedy: "reindex index concurrently talkme.outbox_dedupe_key",
    stops: false,
  },
  {
    what: "a function was replaced",
    sql: "create or replace function talkme.notify_outbox() returns trigger language plpgsql security definer as 'begin return null; end'",
    subject: "functions",
    says: "talkme.notify_outbox was replaced",
    remedy: "migrate --print",
    stops: false,
  },
  {
    what: "a function is gone",
    sql: "drop function talkme.settle_and_claim",
    subject: "functions",
    says: "talkme.settle_and_claim is missing",
    remedy: "migrate --print",
    stops: true,
  },
  {
    what: "a table forgets everything at a crash",
    sql: "alter table talkme.outbox set unlogged",
    subject: "tables",
    says: "talkme.outbox is unlogged",
    remedy: "set logged",
    stops: false,
  },
  {
    what: "a table is published without a replica identity",
    sql: "alter table talkme.outbox replica identity nothing; create publication everything for table talkme.outbox",
    subject: "tables",
    says: "without a replica identity",
    remedy: "replica identity default",
    stops: true,
  },
  {
    what: "a rule swallows updates",
    sql: "create rule swallow as on update to talkme.lane do instead nothing",
    subject: "tables",
    says: "the rule swallow on talkme.lane",
    remedy: "drop rule swallow",
    stops: false,
  },
  {
    what: "rows came by logical replication, and the sequence did not",
    sql: "insert into talkme.outbox (id, numero_dest, id_campanha) overriding system value values (1000, '11988887777', 1)",
    subject: "sequences",
    says: "talkme.outbox_id_seq is behind the rows of talkme.outbox",
    remedy: "setval('talkme.outbox_id_seq', 1000)",
    stops: false,
  },
];

async function checkOf(stage: Stage): Promise<Report> {
  return check(environmentFor(stage.databaseUrl, stage.simulator.url));
}

describe("check names damage to the schema, with the remedy, and exits 1:", () => {
  test.each(damages)("$what", async ({ sql, subject, says, remedy, stops }) => {
    const stage = await Stage.open();
    expect((await checkOf(stage)).code).toBe(0);
    await stage.sql(sql);

    const report = await checkOf(stage);
    expect(report.findings).toContainEqual(found(subject, "problem", says, remedy));
    expect(report.code).toBe(1);
    if (!stops) return;
    const run = await Syncd.command(["run"], environmentFor(stage.databaseUrl, stage.simulator.url));
    expect(run).toMatchObject({ code: 1, err: expect.stringContaining(says) });
  });

  test("damage that only weakens a promise lets run start, and is logged", async () => {
    const stage = await Stage.open();
    await stage.sql("alter table talkme.outbox disable trigger hold_burst");
    const syncd = stage.run();
    expect(await syncd.logged("the database is not as the migrations made it")).toMatchObject({
      level: "warn",
      subject: "triggers",
      detail: expect.stringContaining("hold_burst"),
    });
    await syncd.logged("sending");
  });
});

test("a missing index that only makes things slow is a warning", async () => {
  const stage = await Stage.open();
  await stage.sql("drop index talkme.outbox_ready");
  const report = await checkOf(stage);
  expect(report.findings).toContainEqual(
    found("indexes", "warning", "outbox_ready is missing", "migrate --print"),
  );
  expect(report.code).toBe(0);
});

test("a customer's own triggers on the outbox are listed, not reported as a problem", async () => {
  const stage = await Stage.open();
  await stage.sql(`
    create function public.mirror() returns trigger language plpgsql as 'begin return new; end';
    create trigger mirror before update on talkme.outbox for each row execute function public.mirror()`);
  const report = await checkOf(stage);
  expect(fine(report, "triggers")).toEqual([
    expect.stringContaining("mirror on talkme.outbox (public.mirror)"),
  ]);
  expect(report.code).toBe(0);
});

test("captures with a disabled trigger or missing functions are named", async () => {
  const stage = await Stage.open();
  await stage.sql("create table public.orders (id bigint primary key, phone text)");
  for (const name of ["one", "two"]) {
    await stage.sql(
      `select talkme.capture('public.orders', 'true', '{"numero_dest": "phone", "id_campanha": 1}', name => '${name}', events => 'insert')`,
    );
  }
  await stage.sql("alter table public.orders disable trigger talkme_capture_one_insert");
  await stage.sql("drop trigger talkme_capture_two_insert on public.orders");

  const { findings, code } = await checkOf(stage);
  expect(findings).toContainEqual(
    found("captures", "warning", "one on", "enable trigger talkme_capture_one_insert"),
  );
  expect(findings).toContainEqual(found("captures", "warning", "two on", "drop_capture('two')"));
  expect(code).toBe(0);
});
