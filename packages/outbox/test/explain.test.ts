import { sql } from "kysely";
import { describe, expect, test } from "vitest";

import { settlementOf, TestOutbox } from "./support/outbox.ts";
import { personOf } from "./support/role.ts";

const time = String.raw`20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\+00`;

/** What `talkme.explain` says of a row after some statements, with times as `TIME`. */
async function explainAfter(
  statements: readonly string[],
  { columns = "numero_dest, id_campanha, id_wpp", values = "'11988887777', 5, 9" } = {},
): Promise<string> {
  const outbox = await TestOutbox.open();
  const [id = ""] = await outbox.insert(columns, `values (${values})`);
  await outbox.register("a");
  for (const statement of statements) await outbox.ask(statement.replaceAll("ID", id));
  return explain(outbox, id);
}

async function explain(outbox: TestOutbox, id: string): Promise<string> {
  const text = String(await outbox.ask(`select talkme.explain(${id})`));
  expect(text).not.toContain("88887777");
  return text.replaceAll(new RegExp(time, "g"), "TIME");
}

const inAnHour = "now() + interval '1 hour'";

describe("talkme.explain says why a row waits", () => {
  const cases: Readonly<
    Record<string, { readonly after: readonly string[]; readonly says: string | RegExp }>
  > = {
    "its time has not come": {
      after: [`update talkme.outbox set send_at = ${inAnHour}`],
      says: "Row 1 is pending. It is not due until TIME (send_at). If nothing changes, it goes at about TIME.",
    },
    "it failed, and is tried again": {
      after: [
        `update talkme.outbox set attempts = 2, retry_at = ${inAnHour}, error_code = 'connection_refused', error = 'The host refused it (11988887777).'`,
      ],
      says: "Row 1 is pending. Attempt 2 failed with connection_refused (The host refused it ((number))). It is tried again at TIME. If nothing changes, it goes at about TIME.",
    },
    "it failed through no fault of its own": {
      after: [
        `update talkme.outbox set retry_at = ${inAnHour}, error_code = 'rate_limited', error = 'Too many.'`,
      ],
      says: "Row 1 is pending. The last attempt, which does not count, failed with rate_limited (Too many). It is tried again at TIME. If nothing changes, it goes at about TIME.",
    },
    "everything is paused, and so is its campaign": {
      after: [
        "insert into talkme.paused (scope, reason, paused_by) values ('all', 'audit', 'ana'), ('campaign:5', 'wrong price', 'bia'), ('campaign:6', 'x', 'x')",
      ],
      says:
        "Row 1 is pending. Everything is paused by ana since TIME (audit): talkme.resume('all') ends it. " +
        "Campaign 5 is paused by bia since TIME (wrong price): talkme.resume('campaign:5') ends it. It stays until somebody changes that.",
    },
    "its account and its channel are paused": {
      after: [
        "insert into talkme.paused (scope, reason, paused_by) values ('account:default', 'x', 'ana'), ('channel:9', 'y', 'ana')",
      ],
      says:
        "Row 1 is pending. Account default is paused by ana since TIME (x): talkme.resume('account:default') ends it. " +
        "Channel 9 is paused by ana since TIME (y): talkme.resume('channel:9') ends it. It stays until somebody changes that.",
    },
    "its campaign is not active": {
      after: ["insert into talkme.campaign (id_campanha, name, active) values (5, 'Invoices', false)"],
      says: "Row 1 is pending. Campaign 5 (Invoices) is not active: see talkme.campaign. It stays until somebody changes that.",
    },
    "its account's circuit is open": {
      after: [
        `insert into talkme.circuit (account, kind, opened_at, half_open_at) values ('default', 'authentication', now(), ${inAnHour})`,
      ],
      says: "Row 1 is pending. The circuit of account default is open since TIME, because the API refuses the account, or the proxy its login. One row is tried at TIME; talkme.resume('account:default') has it tried at once. If nothing changes, it goes at TIME at the earliest.",
    },
    "its campaign is quiet after 404": {
      after: [`insert into talkme.lane values ('default/5/9', 'default', null, 2, ${inAnHour})`],
      says: "Row 1 is pending. The API did not find the campaign or channel (404, 2 in a row): its rows wait until TIME. If it is mended, talkme.resume('campaign:5') has one row tried at once. If nothing changes, it goes at TIME at the earliest.",
    },
    "it came in a burst": {
      after: ["update talkme.outbox set retry_at = talkme.held_until(), error_code = 'held_burst'"],
      says: "Row 1 is pending. It is held, because its insert brought more rows to the campaign than talkme.campaign.burst_limit. talkme.resume('campaign:5') lets the held rows of its campaign go, talkme.cancel(1) drops this one. It stays until somebody changes that.",
    },
    "it looks like a duplicate": {
      after: ["update talkme.outbox set retry_at = talkme.held_until(), error_code = 'held_duplicate'"],
      says: /^Row 1 is pending\. It is held, because the same recipient was given the same variables a short while ago\./,
    },
    "the rate is used up": {
      after: [`insert into talkme.pace values ('campaign:5', ${inAnHour}), ('channel:9', now())`],
      says: "Row 1 is pending. The rate of campaign 5 is used up until TIME. It is the next of its account, campaign and channel. If nothing changes, it goes at about TIME.",
    },
    "a claim found it outside its window": {
      after: [`update talkme.outbox set retry_at = ${inAnHour}, error_code = 'outside_window'`],
      says: "Row 1 is pending. It is outside its sending window until TIME. If nothing changes, it goes at about TIME.",
    },
    "its window is not open, and no claim has met it yet": {
      after: [
        `insert into talkme.account (account, sending_window) values ('default',
           (array['sun','mon','tue','wed','thu','fri','sat'])[1 + extract(dow from now() + interval '3 days')::integer] || ' 9-10')`,
      ],
      says: "Row 1 is pending. It is outside its sending window until TIME. If nothing changes, it goes at about TIME.",
    },
    "its recipient was written to a short while ago": {
      after: [`update talkme.outbox set retry_at = ${inAnHour}, error_code = 'recipient_gap'`],
      says: "Row 1 is pending. Its recipient was written to a short while ago, and gets nothing more until TIME (recipient_gap). If nothing changes, it goes at about TIME.",
    },
    "its recipient is suppressed": {
      after: [
        "insert into talkme.suppression (recipient, reason, suppressed_by) values ('5511988887777', 'asked for it', 'ana')",
      ],
      says: "Row 1 is pending. Its recipient was suppressed by ana at TIME (asked for it): it is cancelled when its turn comes.",
    },
    "its end has passed, and nobody has noticed yet": {
      after: [
        "update talkme.outbox set send_at = now() - interval '2 hours', expires_at = now() - interval '1 hour'",
      ],
      says: "Row 1 is pending. Its expires_at passed at TIME: it becomes expired within some 15 seconds while any syncd runs.",
    },
    "no syncd runs": {
      after: ["delete from talkme.instance"],
      says: /^Row 1 is pending\. No syncd is running: talkme\.instance has none that was heard of within its lease\./,
    },
    "others stand before it": {
      after: [
        "insert into talkme.outbox (numero_dest, id_campanha, id_wpp, priority) select '11988887777', 5, 9, -1 from generate_series(1, 3)",
        "insert into talkme.outbox (numero_dest, id_campanha, id_wpp, send_at) select '11988887777', 5, 9, now() - interval '1 hour' from generate_series(1, 4)",
        "insert into talkme.outbox (numero_dest, id_campanha, id_wpp, priority, send_at) select '11988887777', 5, 9, 1, now() - interval '1 hour' from generate_series(1, 5)",
      ],
      says: "Row 1 is pending. It waits for its turn: 7 due rows of its account, campaign and channel stand before it.",
    },
    "it is the next, but nothing happens": {
      after: ["update talkme.outbox set send_at = now() - interval '1 hour'"],
      says: "Row 1 is pending. It is the next of its account, campaign and channel. It has been due since TIME; if nothing of account default is sent, syncd may not be configured for it: see syncd check.",
    },
    "several things at once": {
      after: [
        `update talkme.outbox set send_at = ${inAnHour}`,
        "insert into talkme.paused (scope, reason, paused_by) values ('all', 'audit', 'ana')",
      ],
      says: "Row 1 is pending. It is not due until TIME (send_at). Everything is paused by ana since TIME (audit): talkme.resume('all') ends it. It stays until somebody changes that.",
    },
  };

  test.each(Object.entries(cases))("%s", async (_name, { after, says }) => {
    const text = await explainAfter(after);
    expect(text).toMatch(typeof says === "string" ? new RegExp(`^${RegExp.escape(says)}$`) : says);
  });
});

describe("talkme.explain says what became of a row", () => {
  test("on the wire with a live, silent or lost instance", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    const [id = ""] = await outbox.insertDue(1);
    await outbox.claim("a");
    expect(await explain(outbox, id)).toBe(
      "Row 1 is in flight on instance a since TIME. Its answer comes within the time-out of a request.",
    );
    await outbox.ask("update talkme.instance set heartbeat_at = now() - interval '31 seconds'");
    expect(await explain(outbox, id)).toBe(
      "Row 1 is in flight on instance a since TIME. That instance was last heard of at TIME, longer ago than its lease of 30 s: it is dead, and the row is rescued while any other syncd runs.",
    );
    await outbox.ask("delete from talkme.instance");
    expect(await explain(outbox, id)).toContain("That instance is gone: the row is rescued within seconds");
  });

  test("sent, unknown, failed, or resolved by a person", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(3);
    const [sent, failed, unknown] = await outbox.claim("a");
    if (sent === undefined || failed === undefined || unknown === undefined)
      throw new Error("Nothing was claimed.");
    await outbox.settle([
      settlementOf(sent, "a"),
      settlementOf(failed, "a", {
        status: "failed",
        errorCode: "request_rejected",
        error: "Bad number 11988887777.",
      }),
      settlementOf(unknown, "a", { status: "unknown", errorCode: "timeout", error: "No answer in 15 s." }),
    ]);
    expect(await explain(outbox, sent.id)).toBe(
      "Row 1 was sent at TIME: Talk.me accepted it, with reference 100000000001. Accepted is not delivered.",
    );
    expect(await explain(outbox, failed.id)).toBe(
      "Row 2 failed at TIME after 1 attempt. request_rejected: Bad number (number). Correct what was wrong, then talkme.retry(2) sends it after all.",
    );
    expect(await explain(outbox, unknown.id)).toBe(
      "Row 3 may have been sent (attempt 1, TIME). timeout: No answer in 15 s. Look for it in Talk.me, then say what you found: talkme.resolve(3, 'sent') or 'failed', or 'resend' to send it again, which messages the person twice if you are wrong.",
    );
    await outbox.ask("select talkme.resolve(3, 'failed', 'not in Talk.me')");
    expect(await explain(outbox, unknown.id)).toMatch(
      /^Row 3 was declared failed at TIME by postgres \(not in Talk\.me\); before, it was unknown\./,
    );
    await outbox.ask("update talkme.outbox set blanked_at = now() where id = 1");
    expect(await explain(outbox, sent.id)).toMatch(
      /Its personal data was removed at TIME, so it cannot be sent again\.$/,
    );
  });

  test("expired, or cancelled by a person, a suppression or an erasure", async () => {
    const end = "finished_at = now()";
    expect(
      await explainAfter([
        `update talkme.outbox set status = 'expired', error_code = 'expired', send_at = now() - interval '1 hour', expires_at = now(), ${end}`,
      ]),
    ).toBe(
      "Row 1 expired at TIME: it was not sent before TIME. talkme.retry(1, expires_at => now() + interval '2 hours') sends it after all.",
    );
    expect(
      await explainAfter([
        "select talkme.cancel_where(id_campanha => 5, reason => 'wrong price', go => true)",
      ]),
    ).toBe("Row 1 was cancelled at TIME by postgres (wrong price). talkme.retry(1) brings it back.");
    expect(
      await explainAfter([
        "insert into talkme.suppression (recipient, reason, suppressed_by) values ('5511988887777', 'asked for it', 'ana')",
        `update talkme.outbox set status = 'cancelled', error_code = 'suppressed', ${end}`,
      ]),
    ).toBe(
      "Row 1 was cancelled at TIME, because its recipient is suppressed by ana since TIME (asked for it). talkme.unsuppress ends that; then talkme.retry(1) sends it after all.",
    );
    expect(
      await explainAfter([`update talkme.outbox set status = 'cancelled', error_code = 'forgotten', ${end}`]),
    ).toBe("Row 1 was cancelled at TIME, because its recipient was forgotten (talkme.forget).");
    expect(await explainAfter(["delete from talkme.outbox"])).toBe(
      "There is no row 1, or it is not yours to see.",
    );
  });
});

test("a row's history is its insert, each attempt, people's actions and its end", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  const [id = ""] = await outbox.insertDue(1);
  const [first] = await outbox.claim("a");
  if (first === undefined) throw new Error("Nothing was claimed.");
  const lost = {
    errorCode: "timeout",
    error: "No answer to 11988887777.",
    httpStatus: null,
    reference: null,
  } as const;
  const { attempt } = settlementOf(first, "a");
  if (attempt === null) throw new Error("There is no attempt.");
  const now = { ...attempt, ageMs: 0 };
  await outbox.settle([
    settlementOf(first, "a", { ...lost, status: "unknown", attempt: { ...now, outcome: "unknown" } }),
  ]);
  await outbox.ask(`select talkme.resolve(${id}, 'resend', 'not in Talk.me')`);
  const [second] = await outbox.claim("a");
  if (second === undefined) throw new Error("Nothing was claimed.");
  await outbox.settle([settlementOf(second, "a", { attempt: now })]);

  const { rows } = await sql<{ event: string; detail: string; by: string | null }>`
    select event, detail, by from talkme.history(${id})
  `.execute(outbox.db);
  expect(rows).toEqual([
    { event: "inserted", detail: "for default/1/-", by: "postgres" },
    { event: "attempt 1 unknown", detail: "simples took 30 ms, timeout: No answer to (number).", by: "a" },
    { event: "resolve", detail: 'not in Talk.me, {"as": "resend"}', by: "postgres" },
    { event: "attempt 2 accepted", detail: "simples took 30 ms, HTTP 200, reference 100000000001", by: "a" },
    { event: "sent", detail: "reference 100000000001", by: null },
  ]);
});

describe("the views", () => {
  test("count the rows of each account, campaign and channel by status", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.ask("insert into talkme.campaign (id_campanha, name, burst_limit) values (2, 'x', 1)");
    const [first = ""] = await outbox.insertDue(5);
    const [sent] = await outbox.claim("a", { limit: 2, after: { dueAtUs: "0", id: first } });
    if (sent === undefined) throw new Error("Nothing was claimed.");
    await outbox.settle([settlementOf(sent, "a")]);
    await outbox.ask("select talkme.cancel(5)");
    await outbox.insert("numero_dest, id_campanha", "values ('11988887777', 2), ('11988887776', 2)");
    await outbox.insert("numero_dest, id_wpp, send_at", `values ('11988887777', 9, ${inAnHour})`);

    const { rows } = await sql<Record<string, unknown>>`
      select to_jsonb(s) - '{oldest_due_at,latest_due_at}'::text[] || jsonb_build_object(
        'oldest', oldest_due_at <= now(), 'latest', latest_due_at > now()
      ) as row
      from talkme.stats as s`.execute(outbox.db);
    const one = {
      pending: 0,
      due: 0,
      held: 0,
      paused: false,
      opens_at: null,
      sending: 0,
      unknown: 0,
      failed: 0,
      expired: 0,
      cancelled: 0,
      sent: 0,
      account: "default",
      id_wpp: null,
      sent_is_estimate: false,
      oldest: null,
      latest: null,
    };
    expect(rows.map(({ row }) => row)).toEqual([
      {
        ...one,
        id_campanha: 1,
        pending: 2,
        due: 2,
        sending: 1,
        cancelled: 1,
        sent: 1,
        oldest: true,
        latest: false,
      },
      { ...one, id_campanha: 2, pending: 2, held: 2 },
      { ...one, id_campanha: null, id_wpp: 9, pending: 1, latest: true },
    ]);
  });

  test("show which rows wait because somebody wants them to", async () => {
    const outbox = await TestOutbox.open();
    // A weekday that is not today or tomorrow anywhere.
    await outbox.ask(`
      insert into talkme.campaign (id_campanha, name, sending_window, active)
      select 2, 'closed', (array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[day::integer] || ' 9:00-19:00', true
      from extract(isodow from now() + interval '2 days') as day`);
    await outbox.ask(
      "insert into talkme.campaign (id_campanha, name, sending_window) values (3, 'open', 'mon-sun 0:00-24:00')",
    );
    await outbox.ask("select talkme.pause('channel:9', 'wrong price')");
    await outbox.ask("insert into talkme.campaign (id_campanha, name) values (4, 'over')");
    const wanted = "values (1, null::bigint), (2, null), (3, null), (4, null), (null, 9)";
    await outbox.insert(
      "numero_dest, id_campanha, id_wpp",
      `select '11988887777', c, w from (${wanted}) as l (c, w)`,
    );
    await outbox.ask("update talkme.campaign set active = false where id_campanha = 4");

    const { rows } = await sql<Record<string, unknown>>`
      select coalesce(id_campanha, id_wpp)::integer as lane, due::integer, paused, opens_at > now() as closed
      from talkme.stats order by 1
    `.execute(outbox.db);
    expect(rows).toEqual([
      { lane: 1, due: 1, paused: false, closed: null },
      { lane: 2, due: 1, paused: false, closed: true },
      { lane: 3, due: 1, paused: false, closed: null },
      { lane: 4, due: 1, paused: true, closed: null },
      { lane: 9, due: 1, paused: true, closed: null },
    ]);
  });

  test("group what was not sent by its reason", async () => {
    const outbox = await TestOutbox.open();
    await outbox.insertDue(4);
    await outbox.ask(`
      update talkme.outbox set status = 'failed', finished_at = now() - id * interval '1 hour',
        error_code = case when id < 4 then 'not_found' else 'invalid_ddd' end, error = 'Row ' || id`);
    const { rows } = await sql<{ span: string }>`
      select status, error_code, rows, last_id, example, (last_at - first_at)::text as span from talkme.failures
    `.execute(outbox.db);
    expect(rows).toEqual([
      {
        status: "failed",
        error_code: "not_found",
        rows: "3",
        last_id: "3",
        example: "Row 3",
        span: "02:00:00",
      },
      {
        status: "failed",
        error_code: "invalid_ddd",
        rows: "1",
        last_id: "4",
        example: "Row 4",
        span: "00:00:00",
      },
    ]);
  });

  test("show a reader only the rows that the reader may see", async () => {
    const outbox = await TestOutbox.open();
    const shop = await personOf(outbox, "views_shop", "talkme_producer");
    await outbox.insertDue(2);
    await shop.ask("select talkme.enqueue('11988887777', 1)");
    await outbox.ask("select talkme.cancel_where(id_campanha => 1, go => true)");
    await outbox.ask("grant select on talkme.failures to views_shop");

    expect(await shop.ask("select rows from talkme.failures")).toBe("1");
    expect(await outbox.ask("select rows from talkme.failures")).toBe("3");
  });
});
