import { messageSchema, normalizePhone } from "@talkme/core";
import { memberUrl } from "@talkme/test-postgres";
import * as fc from "fast-check";
import { sql } from "kysely";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { dialledDigits } from "../../core/src/phone/dialled-digits.ts";
import { requireSimples } from "../../core/src/message/require-simples.ts";
import { outboxLimits } from "../src/outbox-message.ts";
import { TestOutbox } from "./support/outbox.ts";
import { stagedArguments, stageMessages } from "./support/staged-messages.ts";
import { writtenMessage, type WrittenMessage } from "./support/written-messages.ts";
import { writtenNumber, type NumberingPlans } from "./support/written-numbers.ts";

interface Problem {
  readonly code: string;
  readonly field: string;
  readonly message: string;
}

async function problemsOf(outbox: TestOutbox, given: string): Promise<readonly Problem[]> {
  const { rows } = await sql<Problem>`select * from talkme.problems(${sql.raw(given)})`.execute(outbox.db);
  return rows;
}

/** The codes of each staged message, in order. */
async function stagedProblems(outbox: TestOutbox): Promise<readonly (readonly string[])[]> {
  const { rows } = await sql<{ codes: string[] }>`
    select array(select p.code from talkme.problems(${sql.raw(stagedArguments)}) as p) as codes from staging as s order by s.place
  `.execute(outbox.db);
  return rows.map(({ codes }) => codes);
}

test("problems names every reason at once, and inserts nothing", async () => {
  const outbox = await TestOutbox.open();
  await outbox.ask(
    "insert into talkme.campaign (id_campanha, name, active, required_variables) values (1, 'Natal', false, '{PRIMEIRO_NOME,geral2}')",
  );
  const problems = await problemsOf(
    outbox,
    `'20988887777', 1, '{"geral1":10,"geral6":"x"}', email_dest => 'nobody', account => 'default', priority => 40000,
     expires_at => now() - interval '1 day', dedupe_key => '', max_attempts => 0, on_unknown => 'retry', txtmsg => repeat('x', 5000)`,
  );
  expect(problems.map(({ code, field }) => `${code} ${field}`)).toEqual([
    "outbox_numero_dest_ddd numero_dest",
    "outbox_email_dest_format email_dest",
    "outbox_txtmsg_length txtmsg",
    "outbox_expires_after_send_at expires_at",
    "outbox_dedupe_key_length dedupe_key",
    "outbox_max_attempts_range max_attempts",
    "outbox_on_unknown_known on_unknown",
    "outbox_priority_range priority",
    "outbox_info_contato_known info_contato",
    "outbox_info_contato_strings info_contato.geral1",
    "outbox_campaign_active id_campanha",
    "outbox_campaign_variables info_contato",
  ]);
  expect(problems[0]?.message).toBe(
    "numero_dest begins with the DDD 20, which does not exist. Correct the DDD; a number of another country begins with + and its country code.",
  );
  expect(JSON.stringify(problems)).not.toMatch(/98888|nobody/);
  expect(await outbox.ask("select count(*)::integer from talkme.outbox")).toBe(0);
});

test.each([
  ["'11988887777', 1", []],
  ["'119888777', 1", ["outbox_numero_dest_length"]],
  ["'11888877771', 1", ["outbox_numero_dest_exists"]],
  ["'+51912345678', 1", ["ambiguous_phone"]],
  [
    "'11988887777', 1, send_at => now() - interval '2 hours', expires_at => now() - interval '1 hour'",
    ["expired"],
  ],
  ["'+55 11 97777-6666', 1", ["suppressed"]],
  ["email_dest => 'Fulano@B.com', id_campanha => 1", ["suppressed"]],
  ["'11988887777', 404", ["not_found"]],
  ["'11988887777', 1, dedupe_key => 'taken'", ["outbox_dedupe_key"]],
  ["'11988887777', 1, dedupe_key => 'taken', on_duplicate_key => 'skip'", []],
  ["'11988887777', 1, on_duplicate_key => 'ignore'", ["outbox_on_duplicate_key_known"]],
  ["'+55 11 98888-7771', 5", ["outbox_duplicate"]],
  ["'11988887772', 5", []],
])("problems(%s) finds %j", async (message, codes) => {
  const outbox = await TestOutbox.open();
  await outbox.ask(
    "insert into talkme.campaign (id_campanha, name, duplicate_window) values (5, 'Aviso', '1 day')",
  );
  await outbox.insert(
    "numero_dest, id_campanha, dedupe_key",
    "values ('11988887777', 1, 'taken'), ('11988887771', 5, null)",
  );
  await outbox.ask("select talkme.suppress('11977776666', 'no'), talkme.suppress('fulano@b.com', 'no')");
  await outbox.ask(
    "insert into talkme.lane values ('default/404/-', 'default', null, 2, now() + interval '1 hour')",
  );
  expect((await problemsOf(outbox, message)).map(({ code }) => code)).toEqual(codes);
});

test("of 5,000 messages the insert refuses those in which problems finds one, for the reason that it names first", async () => {
  const outbox = await TestOutbox.open();
  await outbox.ask(`
    insert into talkme.campaign (id_campanha, name, required_variables, active)
    values (2, 'Cobrança', '{PRIMEIRO_NOME, geral1}', true), (3, 'Natal', '{}', false)`);
  await stageMessages(outbox, fc.sample(writtenMessage, { numRuns: 5000, seed: 17 }));
  const found = await stagedProblems(outbox);

  await sql`create table refusal (place bigint, rule text)`.execute(outbox.db);
  await sql
    .raw(`
    do $$
    declare
      s staging;
      rule text;
    begin
      for s in select * from staging order by place loop
        begin
          rule := null;
          insert into talkme.outbox (
            numero_dest, email_dest, id_campanha, id_wpp, txtmsg, assunto, info_contato, account, send_at, expires_at, max_attempts,
            on_unknown, dedupe_key
          ) values (
            s.numero_dest, s.email_dest, s.id_campanha, s.id_wpp, s.txtmsg, s.assunto, s.info_contato,
            coalesce(s.account, 'default'), coalesce(s.send_at, now()), s.expires_at,
            case when s.max_attempts is not null then greatest(least(s.max_attempts, 32767), -32768) end, s.on_unknown, s.dedupe_key
          );
          raise exception using errcode = 'ZZ001';
        exception
          when sqlstate 'ZZ001' then null;
          when check_violation then get stacked diagnostics rule = constraint_name;
        end;
        insert into refusal values (s.place, rule);
      end loop;
    end $$`)
    .execute(outbox.db);
  const { rows } = await sql<{ rule: string | null }>`select rule from refusal order by place`.execute(
    outbox.db,
  );
  const first = found.map((codes) => codes.find((code) => code.startsWith("outbox_")) ?? null);
  expect(rows.map(({ rule }) => rule)).toEqual(first);
  expect(first.filter((rule) => rule === null).length).toBeGreaterThan(500);
  expect(new Set(first).size).toBeGreaterThan(20);
});

/** Whether the client, and what `enqueue` checks before it, take a message. */
function isTakenByClient(message: WrittenMessage): boolean {
  const { numero_dest, email_dest, id_campanha, id_wpp, txtmsg, assunto, info_contato } = message;
  const given = Object.fromEntries(
    Object.entries({
      numeroDest: numero_dest,
      emailDest: email_dest,
      idCampanha: id_campanha,
      idWpp: id_wpp,
      txtmsg,
      assunto,
      infoContato: info_contato,
    }).filter(([, value]) => value !== null),
  );
  const parsed = messageSchema.safeParse(given);
  if (!parsed.success) return false;
  if (parsed.data.infoContato === undefined && parsed.data.emailDest === undefined) {
    try {
      requireSimples(parsed.data);
    } catch {
      return false;
    }
  }
  return outboxLimits.safeParse(given).success;
}

test("the database and the client refuse the same of 20,000 messages", async () => {
  const outbox = await TestOutbox.open();
  const messages = fc.sample(writtenMessage, { numRuns: 20_000, seed: 18 }).map((message) =>
    // Only what the client sees.
    Object.assign(message, {
      account: null,
      send_at: null,
      expires_at: null,
      dedupe_key: null,
      max_attempts: null,
      on_unknown: null,
    }),
  );
  await stageMessages(outbox, messages);
  const found = await stagedProblems(outbox);
  const differences = messages.filter((message, i) => isTakenByClient(message) !== (found[i]?.length === 0));
  expect(differences).toEqual([]);
});

/** What the client says of a number, and the rules of the insert that say the same. */
const rulesFor: Readonly<Record<string, readonly string[]>> = {
  invalid_phone: ["outbox_numero_dest_format", "outbox_numero_dest_exists"],
  invalid_phone_length: ["outbox_numero_dest_format", "outbox_numero_dest_length"],
  invalid_ddd: ["outbox_numero_dest_ddd"],
};

test("the insert refuses each of 40,000 number spellings that the client refuses, for the same reason, and no other, but for the finer plans of other countries", async () => {
  const outbox = await TestOutbox.open();
  const { rows } = await sql<{ plans: NumberingPlans }>`select talkme.numbering_plans() as plans`.execute(
    outbox.db,
  );
  const texts = fc
    .sample(writtenNumber(rows[0]?.plans ?? {}), { numRuns: 40_000, seed: 17 })
    .filter((text) => text.trim() !== "");
  const { rows: judged } = await sql<{ rules: string[] }>`
    select talkme.recipient_rules(written, null) as rules
    from unnest(${texts}::text[]) with ordinality as n (written, place) order by place
  `.execute(outbox.db);

  const refused: Record<string, number> = {};
  // The client alone knows which area codes and mobile prefixes each country has.
  let finer = 0;
  const differences = texts.flatMap((text, i): readonly (readonly (string | null | undefined)[])[] => {
    const [rule, ...more] = judged[i]?.rules ?? [];
    const result = normalizePhone(text);
    if (result.ok) return rule === undefined ? [] : [[text, null, rule]];
    const { code } = result.problem;
    const isForeign = /^ *([+]|00)(?!55)/.test(dialledDigits(text) ?? "");
    if (rule === undefined && isForeign && code === "invalid_phone") {
      finer += 1;
      return [];
    }
    refused[code] = (refused[code] ?? 0) + 1;
    return more.length === 0 && rulesFor[code]?.includes(rule ?? "") === true
      ? []
      : [[text, code, rule, ...more]];
  });
  expect(differences).toEqual([]);
  expect(finer).toBeLessThan(texts.length / 50);
  for (const count of Object.values(refused)) expect(count).toBeGreaterThan(500);
});

test("a producer does not learn from problems who is suppressed, nor whose message a key or duplicate is", async () => {
  const outbox = await TestOutbox.open();
  await outbox.ask(
    "insert into talkme.campaign (id_campanha, name, duplicate_window) values (5, 'Aviso', '1 day')",
  );
  await outbox.insert("numero_dest, id_campanha, dedupe_key", "values ('11988887777', 5, 'taken')");
  await outbox.ask("select talkme.suppress('11977776666', 'no')");
  const answers = new Map<string, readonly Problem[]>();
  for (const role of ["talkme_producer", "talkme_viewer"]) {
    const client = new Client({ connectionString: await memberUrl(outbox.url, role) });
    await client.connect();
    onTestFinished(() => client.end());
    const { rows } = await client.query<Problem>(`
      select * from talkme.problems('11977776666', 1)
      union all select * from talkme.problems('11988887777', 5, dedupe_key => 'taken')`);
    answers.set(role, rows);
  }
  expect(answers.get("talkme_viewer")?.map(({ code }) => code)).toEqual([
    "suppressed",
    "outbox_duplicate",
    "outbox_dedupe_key",
  ]);
  expect(answers.get("talkme_producer")?.map(({ code }) => code)).toEqual([
    "outbox_duplicate",
    "outbox_dedupe_key",
  ]);
  expect(answers.get("talkme_producer")?.[0]?.message).toMatch(/by another producer/);
});
