import { sql } from "kysely";
import { expect, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";
import { refusalOf } from "./support/refusal.ts";
import { personOf } from "./support/role.ts";
import { touch } from "./support/touched.ts";

const ambiguous = "left: the report may mean another message to the same recipient";

/** Rows of campaign 1 that nobody knows about, one for each number, and a report in the table `report`. */
async function openWithReport(numbers: readonly string[], report: string): Promise<TestOutbox> {
  const outbox = await TestOutbox.open();
  for (const number of numbers) await insertUnknown(outbox, number);
  await outbox.ask(`create table report as select * from (values ${report}) as r (phone, state)`);
  return outbox;
}

async function insertUnknown(outbox: TestOutbox, number: string, columns = "", values = ""): Promise<string> {
  const [id = ""] = await outbox.insert(
    `numero_dest, id_campanha${columns}`,
    `values ('${number}', ${values === "" ? "1" : values})`,
  );
  await outbox.ask(`
    update talkme.outbox set status = 'unknown', error_code = 'timeout', claimed_by = 'a', claimed_at = now(), claim = id, fence = 1
    where id = ${id}`);
  return id;
}

const report = `
  sent => array(select phone from report where state = 'sent'),
  not_sent => array(select phone from report where state = 'failed'), id_campanha => 1`;

/** The report of the first test, with a verdict or with what it would be. */
const expected = (would: (verdict: string) => string): unknown => [
  [would("made sent"), "unknown", "timeout", "3"],
  [would("made failed"), "unknown", "timeout", "1"],
  ["left: the report does not name its recipient", "unknown", "timeout", "1"],
  ["of the report: recipients without an unknown row here", null, null, "2"],
  ["of the report: neither a number nor an address", null, null, "1"],
];

test("a report decides about unknown rows by their recipients, in any spelling, in one call with one entry in the audit", async () => {
  const outbox = await openWithReport(
    ["11988887771", "11988887772", "+55 (11) 98888-7773", "11988887774", "+351912345678"],
    `('5511988887771', 'sent'), ('551188887772', 'sent'), ('(11) 98888-7773', 'failed'), ('+351 912 345 678', 'sent'),
     ('11988887779', 'sent'), ('21988887779', 'failed'), ('ligue já', 'sent'), (null, 'sent')`,
  );
  const statuses = "select array_agg(status order by id) from talkme.outbox";
  expect(await touch(outbox, `resolve_report(${report})`)).toEqual(
    expected((verdict) => `would be ${verdict}: add go => true`),
  );
  expect(await outbox.ask(statuses)).toEqual(["unknown", "unknown", "unknown", "unknown", "unknown"]);
  expect(await outbox.ask("select count(*) from talkme.audit")).toBe("0");

  expect(await touch(outbox, `resolve_report(${report}, reason => 'report of 25 Nov', go => true)`)).toEqual(
    expected((verdict) => verdict),
  );
  expect(await outbox.ask(statuses)).toEqual(["sent", "sent", "failed", "unknown", "sent"]);
  expect(
    await outbox.ask("select jsonb_agg(jsonb_build_array(action, about, rows, reason)) from talkme.audit"),
  ).toEqual([
    [
      "resolve_report",
      { account: "default", id_campanha: 1, sent: 3, not_sent: 1, not_sent_as: "failed" },
      4,
      "report of 25 Nov",
    ],
  ]);
  expect(
    await outbox.ask("select array_agg(outbox_id::integer order by outbox_id) from talkme.audit_row"),
  ).toEqual([1, 2, 3, 5]);
  expect(await outbox.ask("select count(*) from talkme.history(3) where event = 'resolve_report'")).toBe("1");
});

test("two unknown rows of one recipient and campaign are reported, not guessed, whatever the report says", async () => {
  const outbox = await openWithReport(
    ["11988887771", "1188887771", "11988887772", "+55 11 98888-7772"],
    "('11988887771', 'sent'), ('11988887771', 'sent'), ('11988887772', 'failed')",
  );
  expect(await touch(outbox, `resolve_report(${report}, go => true)`)).toEqual([
    [ambiguous, "unknown", "timeout", "4"],
  ]);
});

test("what a report says may be of a message that is known to be sent, or may have been: the unknown one stays unknown", async () => {
  for (const other of [
    "status = 'sent', finished_at = now(), claim = -1",
    "status = 'sending'",
    // A blanked one has only the hash of its recipient.
    "status = 'sent', finished_at = now(), claim = -1, blanked_at = now(), numero_dest = null, recipient_hash = talkme.hash_recipient('5511988887771')",
  ]) {
    const outbox = await openWithReport(
      ["11988887771", "11988887772"],
      "('11988887771', 'sent'), ('11988887772', 'sent')",
    );
    await outbox.insert("numero_dest, id_campanha", "values ('11988887771', 1)");
    await outbox.ask(
      "update talkme.outbox set status = 'sending', claimed_by = 'a', claimed_at = now(), claim = 1 where id = 3",
    );
    await outbox.ask(`update talkme.outbox set ${other} where id = 3`);
    expect([other, ...(await touch(outbox, `resolve_report(${report}, go => true)`))]).toEqual([
      other,
      ["made sent", "unknown", "timeout", "1"],
      [ambiguous, "unknown", "timeout", "1"],
    ]);
    expect((await outbox.row("1")).status).toBe("unknown");
  }
});

test("a pending row that may have been sent, because of on_unknown = resend, makes it ambiguous, too", async () => {
  const outbox = await openWithReport(["11988887771"], "('11988887771', 'sent')");
  await outbox.insert("numero_dest, id_campanha", "values ('11988887771', 1)");
  expect(await touch(outbox, `resolve_report(${report})`)).toEqual([
    ["would be made sent: add go => true", "unknown", "timeout", "1"],
  ]);
  await outbox.ask(`
    insert into talkme.attempt (outbox_id, attempt, account, action, started_at, duration_ms, outcome, instance)
    values (2, 1, 'default', 'simples', now(), 1, 'unknown', 'a')`);
  expect(await touch(outbox, `resolve_report(${report})`)).toEqual([[ambiguous, "unknown", "timeout", "1"]]);
});

test("messages of another campaign, account or time than the report's do not make it ambiguous", async () => {
  const outbox = await openWithReport(["11988887771"], "('11988887771', 'sent')");
  await insertUnknown(outbox, "11988887771", ", account", "2, 'default'");
  await insertUnknown(outbox, "11988887771", ", account", "1, 'vendas'");
  const old = await insertUnknown(outbox, "11988887771");
  await outbox.ask(
    `update talkme.outbox set status = 'sent', claim = -1, finished_at = now() where id = ${old}`,
  );
  await outbox.ask(`update talkme.outbox set claimed_at = now() - interval '30 days' where id = ${old}`);
  expect(await touch(outbox, `resolve_report(${report})`)).toEqual([[ambiguous, "unknown", "timeout", "1"]]);
  expect(
    await touch(outbox, `resolve_report(${report}, since => now() - interval '1 day', go => true)`),
  ).toEqual([["made sent", "unknown", "timeout", "1"]]);
  expect(await outbox.ask("select array_agg(status order by id) from talkme.outbox")).toEqual([
    "sent",
    "unknown",
    "unknown",
    "sent",
  ]);
});

test("a recipient that the report has as sent and as not sent is left", async () => {
  const outbox = await openWithReport(["11988887771"], "('11988887771', 'sent'), ('1188887771', 'failed')");
  expect(await touch(outbox, `resolve_report(${report}, go => true)`)).toEqual([
    ["left: the report says both of its recipient", "unknown", "timeout", "1"],
  ]);
});

test("what was not sent is sent again only if that is said, and never to somebody who is suppressed; a locked row is left", async () => {
  const outbox = await openWithReport(
    ["11988887771", "11988887772", "11988887773"],
    "('11988887771', 'failed'), ('11988887772', 'failed'), ('11988887773', 'failed')",
  );
  await outbox.ask("select talkme.suppress('11988887772', 'asked for it')");
  await outbox.db.transaction().execute(async (transaction) => {
    await sql`select from talkme.outbox where id = 3 for update`.execute(transaction);
    expect(await touch(outbox, `resolve_report(${report}, not_sent_as => 'resend', go => true)`)).toEqual([
      ["made pending", "unknown", "timeout", "1"],
      ["left: somebody else has it locked", "unknown", "timeout", "1"],
      ["left: its recipient is suppressed", "unknown", "timeout", "1"],
    ]);
  });
  expect(await outbox.ask("select array_agg(status order by id) from talkme.outbox")).toEqual([
    "pending",
    "unknown",
    "unknown",
  ]);
});

test("a report without a campaign or channel, without recipients, or with another verdict is refused", async () => {
  const outbox = await openWithReport(["11988887771"], "('11988887771', 'sent')");
  for (const [call, constraint] of [
    ["resolve_report(sent => '{11988887771}')", "outbox_report_target"],
    ["resolve_report(id_campanha => 1, not_sent => null)", "outbox_report_given"],
    [
      "resolve_report(sent => '{11988887771}', id_campanha => 1, not_sent_as => 'sent')",
      "outbox_report_verdict",
    ],
  ] as const)
    expect(await refusalOf(touch(outbox, call))).toMatchObject({ code: "22023", constraint });
});

test("a report decides only about rows that the caller may decide about", async () => {
  const outbox = await openWithReport(["11988887771"], "('11988887771', 'sent')");
  const operator = await personOf(outbox, "report_operator", "talkme_operator");
  expect(
    await operator.ask("select what from talkme.resolve_report(sent => '{1188887771}', id_campanha => 1)"),
  ).toContain("made sent");
  const stranger = await personOf(outbox, "report_stranger");
  expect(
    await stranger.ask("select what from talkme.resolve_report(sent => '{1188887771}', id_campanha => 1)"),
  ).toBe("no row matches");
});
