import { sql } from "kysely";
import { DatabaseError } from "pg";
import { describe, expect, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";

/** The parts of an acceptable insert; each case replaces some. */
const acceptable = { numero_dest: "'11988887777'", id_campanha: "123456" };

interface Refusal {
  readonly given: Readonly<Record<string, string>>;
  readonly rule: string;
  readonly says: string;
}

const refusals: readonly Refusal[] = [
  { given: { numero_dest: "null" }, rule: "outbox_recipient_given", says: "no recipient" },
  { given: { numero_dest: "''" }, rule: "outbox_recipient_given", says: "no recipient" },
  { given: { id_campanha: "null" }, rule: "outbox_target_given", says: "neither a campaign nor a channel" },
  { given: { numero_dest: "'ligue já'" }, rule: "outbox_numero_dest_format", says: "not a telephone number" },
  { given: { numero_dest: "'1234567'" }, rule: "outbox_numero_dest_format", says: "not a telephone number" },
  {
    given: { numero_dest: "'1234567890123456'" },
    rule: "outbox_numero_dest_format",
    says: "not a telephone number",
  },
  { given: { email_dest: "'fulano'" }, rule: "outbox_email_dest_format", says: "not an e-mail address" },
  {
    given: { email_dest: "'Fulano <f@example.com>'" },
    rule: "outbox_email_dest_format",
    says: "not an e-mail address",
  },
  ...[
    "1198887777.0",
    "119888777.00",
    "1,19888E+10",
    "1198887777,0",
    "''11988887777",
    "11 9888-7777/8",
    "tel:11988887777",
  ].map((number) => ({
    given: { numero_dest: `'${number}'` },
    rule: "outbox_numero_dest_format",
    says: "not a telephone number",
  })),
  ...["a@b.com.", "a@b.com,c@d.com", "X<a@b.com>", "josé@b.com", "mailto:a@b.com"].map((address) => ({
    given: { email_dest: `'${address}'` },
    rule: "outbox_email_dest_format",
    says: "not an e-mail address",
  })),
  { given: { id_campanha: "0" }, rule: "outbox_id_campanha_range", says: "id_campanha cannot be 0" },
  {
    given: { id_campanha: "9223372036854775807" },
    rule: "outbox_id_campanha_range",
    says: "9223372036854775807",
  },
  { given: { id_wpp: "-1" }, rule: "outbox_id_wpp_range", says: "id_wpp cannot be -1" },
  { given: { account: "'Vendas'" }, rule: "outbox_account_name", says: "'Vendas' cannot be the name" },
  { given: { account: "'a/b'" }, rule: "outbox_account_name", says: "'a/b' cannot be the name" },
  { given: { txtmsg: "repeat('x', 4097)" }, rule: "outbox_txtmsg_length", says: "4097 characters" },
  { given: { assunto: "E'a\\nb'" }, rule: "outbox_assunto_format", says: "line break" },
  {
    given: { assunto: "'Alerta'" },
    rule: "outbox_assunto_has_method",
    says: "neither email_dest nor info_contato",
  },
  { given: { send_at: "'infinity'" }, rule: "outbox_send_at_range", says: "send_at cannot be infinity" },
  {
    given: { expires_at: "now() - interval '1 s'" },
    rule: "outbox_expires_after_send_at",
    says: "expire before",
  },
  { given: { dedupe_key: "''" }, rule: "outbox_dedupe_key_length", says: "dedupe_key is empty" },
  { given: { max_attempts: "0" }, rule: "outbox_max_attempts_range", says: "max_attempts cannot be 0" },
  { given: { on_unknown: "'retry'" }, rule: "outbox_on_unknown_known", says: "on_unknown cannot be 'retry'" },
  { given: { status: "'sent'" }, rule: "outbox_status_at_insert", says: "cannot have the status 'sent'" },
  {
    given: { status: "'enviado'" },
    rule: "outbox_status_at_insert",
    says: "cannot have the status 'enviado'",
  },
  { given: { attempts: "3" }, rule: "outbox_daemon_columns_at_insert", says: "columns that syncd writes" },
  {
    given: { retry_at: "now()" },
    rule: "outbox_daemon_columns_at_insert",
    says: "columns that syncd writes",
  },
  {
    given: { info_contato: `'["nome"]'` },
    rule: "outbox_info_contato_object",
    says: "a JSON array, not an object",
  },
  {
    given: { info_contato: `'"nome"'` },
    rule: "outbox_info_contato_object",
    says: "a JSON string, not an object",
  },
  {
    given: { info_contato: `'{"name":"a","geral9":"b"}'` },
    rule: "outbox_info_contato_known",
    says: "geral9, name",
  },
  {
    given: { info_contato: `'{"geral1":10}'` },
    rule: "outbox_info_contato_strings",
    says: "info_contato.geral1 is a JSON number",
  },
  {
    given: { info_contato: `'{"nome":null}'` },
    rule: "outbox_info_contato_strings",
    says: "info_contato.nome is a JSON null",
  },
  {
    given: { info_contato: `'{"nome":"a\\nb"}'` },
    rule: "outbox_info_contato_whitespace",
    says: "info_contato.nome contains a line break",
  },
  {
    given: { info_contato: `'{"nome":"a\\tb"}'` },
    rule: "outbox_info_contato_whitespace",
    says: "info_contato.nome contains a tab",
  },
  {
    given: { info_contato: `'{"geral5":"a     b"}'` },
    rule: "outbox_info_contato_whitespace",
    says: "info_contato.geral5 contains a run of more than four spaces",
  },
  {
    given: { info_contato: `jsonb_build_object('nome', repeat('x', 1025))` },
    rule: "outbox_info_contato_length",
    says: "info_contato.nome has 1025 characters",
  },
  {
    given: { info_contato: `'{"país":"BR","pais":"PT"}'` },
    rule: "outbox_info_contato_spelling",
    says: "both pais and país",
  },
];

async function insert(
  outbox: TestOutbox,
  given: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const columns = { ...acceptable, ...given };
  return outbox.insert(Object.keys(columns).join(", "), `values (${Object.values(columns).join(", ")})`);
}

describe("an insert that could never be sent is refused with a rule's name, a sentence and a remedy", () => {
  test.each(refusals)("$rule: $given", async ({ given, rule, says }) => {
    const outbox = await TestOutbox.open();

    const error = await insert(outbox, given).catch((refusal: unknown) => refusal);

    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({
      code: "23514",
      schema: "talkme",
      table: "outbox",
      constraint: rule,
      message: expect.stringContaining(says),
      hint: expect.stringMatching(/.{20}/),
    });
    expect(await outbox.ask("select count(*) from talkme.outbox")).toBe("0");
  });
});

test("an update of a producer's columns is checked like an insert", async () => {
  const outbox = await TestOutbox.open();
  const [id = ""] = await insert(outbox, {});

  await expect(
    outbox.ask(`update talkme.outbox set numero_dest = 'x' where id = ${id}`),
  ).rejects.toMatchObject({
    constraint: "outbox_numero_dest_format",
  });
});

test("a row's state cannot contradict itself", async () => {
  const outbox = await TestOutbox.open();
  await insert(outbox, {});

  await expect(outbox.ask("update talkme.outbox set status = 'enviado'")).rejects.toMatchObject({
    constraint: "outbox_status_known",
  });
  await expect(outbox.ask("update talkme.outbox set status = 'sending'")).rejects.toMatchObject({
    constraint: "outbox_sending_has_claim",
  });
  await expect(outbox.ask("update talkme.outbox set retry_at = 'infinity'")).rejects.toMatchObject({
    constraint: "outbox_retry_at_finite",
  });
  await expect(outbox.ask("update talkme.outbox set status = 'sent'")).rejects.toMatchObject({
    constraint: "outbox_finished_has_time",
  });
});

test("the daemon's error names the contradiction too, not a missing privilege", async () => {
  const outbox = await TestOutbox.open();
  await insert(outbox, {});
  await expect(sql`update talkme.outbox set status = 'sent'`.execute(outbox.daemon)).rejects.toMatchObject({
    code: "23514",
    constraint: "outbox_finished_has_time",
  });
});

test("a copied row, which bypasses the insert checks, cannot contradict itself", async () => {
  const outbox = await TestOutbox.open();
  const copy = outbox.db.transaction().execute(async (transaction) => {
    await sql`set local session_replication_role = replica`.execute(transaction);
    await sql`insert into talkme.outbox (numero_dest, id_campanha, status) values ('11988887777', 1, 'sent')`.execute(
      transaction,
    );
  });
  await expect(copy).rejects.toMatchObject({ constraint: "outbox_finished_has_time" });
});

test("accented names of variables are accepted and stored under their plain names", async () => {
  const outbox = await TestOutbox.open();
  const [id = ""] = await insert(outbox, {
    info_contato: `'{"endereço":"Rua A","país":"BR","telefone2":""}'`,
  });

  expect((await outbox.row(id))["info_contato"]).toEqual({ endereco: "Rua A", pais: "BR", telefone2: "" });
});

test("a minimal insert is enough, and the daemon's columns get their initial values", async () => {
  const outbox = await TestOutbox.open();
  const [id = ""] = await insert(outbox, {});

  expect(await outbox.row(id)).toMatchObject({
    account: "default",
    status: "pending",
    attempts: 0,
    priority: 0,
    lane: "default/123456/-",
    finished_at: null,
  });
});

test("a dedupe_key is unique within its account, and a second insert can be skipped", async () => {
  const outbox = await TestOutbox.open();
  await insert(outbox, { dedupe_key: "'order 42'" });
  await insert(outbox, { dedupe_key: "'order 42'", account: "'vendas'" });

  await expect(insert(outbox, { dedupe_key: "'order 42'" })).rejects.toMatchObject({
    code: "23505",
    constraint: "outbox_dedupe_key",
  });
  const values = "values ('11988887777', 1, 'order 42') on conflict do nothing";
  expect(await outbox.insert("numero_dest, id_campanha, dedupe_key", values)).toEqual([]);
});
