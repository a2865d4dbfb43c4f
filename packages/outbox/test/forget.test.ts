import { sql } from "kysely";
import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import type { ClaimedRow } from "../src/daemon.ts";
import { settlementOf, TestOutbox } from "./support/outbox.ts";
import { placesOf } from "./support/places-of.ts";
import { refusalOf } from "./support/refusal.ts";

const columns = "numero_dest, email_dest, assunto, txtmsg, info_contato, metadata, id_campanha, dedupe_key";

/** A message full of personal data. */
function about(number: string, key = "11988887777"): string {
  return `values ('${number}', 'fulano@example.com', 'Fulano', 'Oi Fulano', '{"nome":"Fulano","telefone1":"${number}"}',
    '{"cliente":"Fulano"}', 1, 'Fulano ${key} ' || gen_random_uuid())`;
}

async function forget(outbox: TestOutbox, numero: string): Promise<string> {
  const { rows } = await sql<{ said: string }>`select talkme.forget(${numero}) as said`.execute(outbox.db);
  return rows[0]?.said ?? "";
}

/** One row in each status, all to one person; returns the ids by status, and the sending row. */
async function tellLife(outbox: TestOutbox): Promise<{ ids: Record<string, string>; sending: ClaimedRow }> {
  await outbox.register("a");
  const ids: Record<string, string> = {};
  let sending: ClaimedRow | undefined;
  for (const status of ["sent", "failed", "unknown", "sending"] as const) {
    const [id = ""] = await outbox.insert(columns, about("11988887777"));
    ids[status] = id;
    const [row] = await outbox.claim("a");
    if (row === undefined) throw new Error("Nothing was claimed.");
    const said = { response: "de 11988887777", reference: "11988887777", error: "11988887777 recusado" };
    if (status === "sending") sending = row;
    else await outbox.settle([settlementOf(row, "a", { status, ...said })]);
  }
  for (const status of ["expired", "cancelled"]) {
    const [id = ""] = await outbox.insert(columns, about("11988887777"));
    ids[status] = id;
    await sql`update talkme.outbox set status = ${status}, finished_at = now() where id = ${id}`.execute(
      outbox.db,
    );
  }
  for (const kind of ["pending", "held"]) {
    const [id = ""] = await outbox.insert(columns, about("11988887777"));
    ids[kind] = id;
  }
  await sql`
    update talkme.outbox set retry_at = talkme.held_until(), error_code = 'held_burst' where id = ${ids["held"]}
  `.execute(outbox.db);
  await outbox.ask("insert into talkme.gap_claim (recipient) values ('5511988887777')");
  if (sending === undefined) throw new Error("Nothing is being sent.");
  return { ids, sending };
}

const traces = ["988887777", "8888-7777", "Fulano", "fulano", "recusado"];

test("no trace of a forgotten person remains in the schema, whatever the state of their messages", async () => {
  const outbox = await TestOutbox.open();
  const { ids, sending } = await tellLife(outbox);
  await outbox.insert(columns, about("+55 (11) 98888-7777"));
  await outbox.insert(columns, about("11 8888-7777"));
  for (const trace of traces) expect(await placesOf(outbox.db, trace)).toContain("talkme.outbox");

  const said = await forget(outbox, "011 98888-7777");

  expect(said).toBe(
    "Forgotten: 4 rows that waited are cancelled, 1 on the wire will keep no answer, " +
      "1 of which nobody knew whether they were sent is failed, 4 that had ended are blanked; 0 had been blanked before. " +
      "3 attempts lost what they said. The recipient is not suppressed: what is inserted from now on is sent.",
  );
  for (const trace of traces) expect(await placesOf(outbox.db, trace)).toEqual([]);
  const states: Record<string, unknown> = {};
  for (const [name, id] of Object.entries(ids)) {
    const { status, error_code: code } = await outbox.row(id);
    states[name] = `${status} ${String(code)}`;
  }
  expect(states).toEqual({
    sent: "sent null",
    failed: "failed null",
    unknown: "failed forgotten",
    sending: "sending null",
    expired: "expired null",
    cancelled: "cancelled null",
    pending: "cancelled forgotten",
    held: "cancelled forgotten",
  });

  const answer = { response: "de 11988887777", reference: "11988887777" };
  expect(await outbox.settle([settlementOf(sending, "a", answer)])).toMatchObject({ stale: [], locked: [] });
  expect(await outbox.row(sending.id)).toMatchObject({ status: "sent", response: null, reference: null });
  for (const trace of traces) expect(await placesOf(outbox.db, trace)).toEqual([]);
});

test("a late answer for a forgotten person's row is recorded without its text", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.insert(columns, about("11988887777"));
  const [row] = await outbox.claim("a");
  if (row === undefined) throw new Error("Nothing was claimed.");
  await sql`update talkme.outbox set status = 'unknown' where id = ${row.id}`.execute(outbox.db);
  await forget(outbox, "11988887777");

  const answer = { reference: "11988887777", error: "11988887777 recusado" };
  expect(await outbox.settle([settlementOf(row, "a", answer)])).toMatchObject({ stale: [row.id] });
  expect(await outbox.row(row.id)).toMatchObject({ status: "failed", error_code: "forgotten" });
  expect(await outbox.ask("select count(*)::integer from talkme.attempt")).toBe(1);
  for (const trace of traces) expect(await placesOf(outbox.db, trace)).toEqual([]);
});

test("forgetting twice counts rows already blanked, and finds newer ones", async () => {
  const outbox = await TestOutbox.open();
  await tellLife(outbox);
  await forget(outbox, "11988887777");
  expect(await forget(outbox, "11988887777")).toContain("8 had been blanked before. 0 attempts");

  await outbox.insert(columns, about("11988887777"));
  expect(await forget(outbox, "11988887777")).toContain("1 row that waited is cancelled");
  expect(await forget(outbox, "11977776666")).toMatch(/^Nothing is kept of this recipient\./);
});

test("no text advises retrying a forgotten person's row", async () => {
  const outbox = await TestOutbox.open();
  const [waiting = ""] = await outbox.insert(columns, about("11988887777"));
  await forget(outbox, "11988887777");
  const refusal = await refusalOf(outbox.ask(`select talkme.cancel(${waiting})`));
  expect(refusal.hint).toBe("It is not going to be sent, and cannot be: its personal data was removed.");
});

test("other people's rows stay unchanged", async () => {
  const outbox = await TestOutbox.open();
  const [other = ""] = await outbox.insert(columns, about("11988887778"));
  const before = await outbox.row(other);
  await outbox.insert(columns, about("11988887777"));
  await forget(outbox, "11988887777");
  expect(await outbox.row(other)).toEqual(before);
});

test("an e-mail address is forgotten as well, even from messages that also went to a number", async () => {
  const outbox = await TestOutbox.open();
  const [mail = ""] = await outbox.insert("email_dest, id_campanha", "values ('Fulano@Example.com', 1)");
  const [both = ""] = await outbox.insert(columns, about("11988887777"));
  expect(await forget(outbox, " fulano@example.COM")).toContain("2 rows that waited are cancelled");
  for (const id of [mail, both]) expect(await outbox.row(id)).toMatchObject({ status: "cancelled" });
  expect(await placesOf(outbox.db, "ulano@")).toEqual([]);
});

test("the number of a message that also went to a forgotten address remains nowhere", async () => {
  const outbox = await TestOutbox.open();
  await outbox.insert(columns, about("11988887777"));
  await outbox.ask("insert into talkme.gap_claim (recipient) values ('5511988887777')");
  await forget(outbox, "fulano@example.com");
  for (const trace of traces) expect(await placesOf(outbox.db, trace)).toEqual([]);
});

test.each([
  ["00 52 1 55 1234 5678", "+52 1 55 1234 5678"],
  ["+5215512345678", "5215512345678"],
  ["+55 20 98888-7777", "20 98888-7777"],
  ["020 98888-7777", "20988887777"],
  ["11 98888-777", "+55 11 98888 777"],
  ["tel:+55-11-98888-7777", "11988887777"],
  ["11 98888-7777 (Fulano)", "+55 11 8888-7777"],
])(
  "a number that nothing can be sent to, written as %s, is forgotten by another spelling",
  async (written, other) => {
    const outbox = await TestOutbox.open();
    await outbox.ask("alter table talkme.outbox disable trigger user");
    await outbox.insert(columns, about(written, "order"));
    expect(await forget(outbox, other)).not.toContain("Nothing is kept");
    expect(await placesOf(outbox.db, written)).toEqual([]);
  },
);

test("the audit records who asked and why, by the hash and not the number", async () => {
  const outbox = await TestOutbox.open();
  await outbox.insert(columns, about("11988887777"));
  await outbox.ask("select talkme.forget('11988887777', 'request 2026-31')");
  const { rows } = await sql`select action, about, rows, reason, who from talkme.audit`.execute(outbox.db);
  expect(rows).toEqual([
    {
      action: "forget",
      about: { recipient: await outbox.ask("select talkme.hash_recipient('5511988887777')") },
      rows: "1",
      reason: "request 2026-31",
      who: await outbox.ask("select session_user"),
    },
  ]);
  await expect(
    outbox.ask("select talkme.forget('11988887777', 'pedido de (11) 98888-7777')"),
  ).rejects.toThrow("the reason names the person");
});

test("a suppression stays, and the answer says so", async () => {
  const outbox = await TestOutbox.open();
  await outbox.ask("insert into talkme.suppression (recipient, reason) values ('5511988887777', 'asked')");
  expect(await forget(outbox, "11988887777")).toContain("The recipient stays in talkme.suppression");
});

test.each(["", "Fulano", "123", "11988887777; drop table", "fulano@", "1198888777711988"])(
  "an invalid recipient is refused without being echoed: %s",
  async (value) => {
    const outbox = await TestOutbox.open();
    await expect(forget(outbox, value)).rejects.toMatchObject({
      code: "22023",
      message: "talkme.forget: this is neither a telephone number nor an e-mail address",
    });
  },
);

describe("while instances are at work", () => {
  test("a row being claimed is blanked on the wire, not cancelled", async () => {
    const outbox = await TestOutbox.open();
    const [id = ""] = await outbox.insert(columns, about("11988887777"));
    const claim = new Client({ connectionString: outbox.url });
    await claim.connect();
    onTestFinished(() => claim.end());
    await claim.query("begin");
    await claim.query(
      `update talkme.outbox set status = 'sending', claimed_by = 'a', claimed_at = now(), fence = fence + 1 where id = ${id}`,
    );

    const forgotten = forget(outbox, "11988887777");
    await expect
      .poll(() =>
        outbox.ask(
          "select count(*)::integer from pg_stat_activity where wait_event_type = 'Lock' and query like '%talkme.forget%' and datname = current_database() and pid <> pg_backend_pid()",
        ),
      )
      .toBe(1);
    await claim.query("commit");

    expect(await forgotten).toContain("1 on the wire");
    expect(await outbox.row(id)).toMatchObject({
      status: "sending",
      numero_dest: null,
      claimed_by: "a",
      fence: 1,
    });
  });

  test("a person with ten thousand messages is found by index", async () => {
    const outbox = await TestOutbox.open();
    await outbox.insertDue(10_000);
    await outbox.insert(
      "numero_dest, id_campanha",
      "select '119' || (70000000 + i), 1 from generate_series(1, 20000) as i",
    );
    await outbox.ask("analyze talkme.outbox");
    await sql`set enable_seqscan = on`.execute(outbox.db);
    expect(await forget(outbox, "11988887777")).toContain("10,000 rows that waited are cancelled");
    expect(await placesOf(outbox.db, "988887777")).toEqual([]);
    // Connections report their scan statistics with a delay.
    const isScanned = async (): Promise<unknown> =>
      outbox.ask("select idx_scan > 0 from pg_stat_user_indexes where indexrelname = 'outbox_recipient'");
    await expect.poll(isScanned).toBe(true);
  });
});

test("the hash of a number is specific to this installation, and nobody else can compute it", async () => {
  const outbox = await TestOutbox.open();
  const { rows } = await sql<{ readers: number; callers: boolean }>`
    select
      (select count(*)::integer from information_schema.role_table_grants
        where table_schema = 'talkme' and table_name = 'hash_key'
          and grantee not in (select tableowner from pg_tables where tablename = 'hash_key')) as readers,
      has_function_privilege('public', 'talkme.hash_recipient(text)', 'execute') as callers
  `.execute(outbox.db);
  expect(rows).toEqual([{ readers: 0, callers: false }]);
  expect(await outbox.ask("select length(key) from talkme.hash_key")).toBe(32);
});

test("a reused dedupe_key is forgotten too and never makes the erasure fail", async () => {
  const outbox = await TestOutbox.open();
  for (let i = 0; i < 3; i += 1) {
    await outbox.insert("numero_dest, id_campanha, dedupe_key", "values ('11988887777', 1, 'order 42')");
    expect(await forget(outbox, "11988887777")).toContain("1 row that waited is cancelled");
  }
  expect(await placesOf(outbox.db, "988887777")).toEqual([]);
});
