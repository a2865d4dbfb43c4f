import { describe, expect, test } from "vitest";

import type { ClaimedRow } from "../src/daemon.ts";
import { settlementOf, TestOutbox } from "./support/outbox.ts";
import { refusalOf } from "./support/refusal.ts";
import { personOf } from "./support/role.ts";

const states = ["pending", "sending", "sent", "failed", "unknown", "expired", "cancelled"] as const;

/** One row in each state, by name; all of campaign 1. */
async function openWithEveryState(): Promise<{
  readonly outbox: TestOutbox;
  readonly claimed: readonly ClaimedRow[];
  readonly ids: Readonly<Record<(typeof states)[number], string>>;
}> {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.insertDue(4);
  const claimed = await outbox.claim("a");
  const [sending = "", sent = "", failed = "", unknown = ""] = claimed.map(({ id }) => id);
  const changes = [
    {},
    { status: "failed", errorCode: "connection_refused", error: "Gave up.", reference: null },
    { status: "unknown", errorCode: "timeout", error: "No answer.", reference: null },
  ] as const;
  for (const [index, row] of claimed.slice(1).entries()) {
    await outbox.settle([settlementOf(row, "a", changes[index])]);
  }
  const [expired = "", cancelled = "", pending = ""] = await outbox.insertDue(3);
  await outbox.ask(`
    update talkme.outbox set status = 'expired', expires_at = now(), finished_at = now(), error_code = 'expired'
    where id = ${expired}`);
  await outbox.ask(`select talkme.cancel(${cancelled})`);
  return { outbox, claimed, ids: { pending, sending, sent, failed, unknown, expired, cancelled } };
}

describe("enqueue", () => {
  test("writes what the insert would write, and null means a column's default", async () => {
    const outbox = await TestOutbox.open();

    const id = await outbox.ask(`
      select talkme.enqueue(
        numero_dest => '11988887777', id_campanha => 5, id_wpp => 9, info_contato => '{"país": "BR"}', txtmsg => 'Oi',
        assunto => 'Subject', email_dest => 'fulano@example.com', account => 'vendas', priority => -3,
        send_at => '2030-01-01 12:00+00', expires_at => '2030-01-02 12:00+00', dedupe_key => 'k', max_attempts => 7,
        on_unknown => 'resend', metadata => '{"order": 42}'
      )`);
    expect(await outbox.row(String(id))).toMatchObject({
      numero_dest: "11988887777",
      id_campanha: "5",
      id_wpp: "9",
      info_contato: { pais: "BR" },
      txtmsg: "Oi",
      assunto: "Subject",
      email_dest: "fulano@example.com",
      account: "vendas",
      priority: -3,
      send_at: new Date("2030-01-01T12:00:00Z"),
      expires_at: new Date("2030-01-02T12:00:00Z"),
      dedupe_key: "k",
      max_attempts: 7,
      on_unknown: "resend",
      metadata: { order: 42 },
    });

    const [inserted = ""] = await outbox.insert("numero_dest, id_campanha", "values ('11988887777', 5)");
    const enqueued = String(await outbox.ask("select talkme.enqueue('11988887777', 5)"));
    const own = { id: "", send_at: "", created_at: "", due_at: "" };
    expect({ ...(await outbox.row(enqueued)), ...own }).toEqual({ ...(await outbox.row(inserted)), ...own });
  });

  test("takes every column that a producer writes", async () => {
    const outbox = await TestOutbox.open();
    const missing = await outbox.ask(`
      select array_agg(attname::text) from pg_attribute
      where attrelid = 'talkme.outbox'::regclass and attnum > 0
        and attname not in ('id', 'created_at', 'status', 'attempts', 'fence', 'claim', 'retry_at', 'claimed_by', 'claimed_at',
          'finished_at', 'http_status', 'reference', 'response', 'error_code', 'error', 'lane', 'due_at', 'recipient',
          'created_by', 'blanked_at', 'recipient_hash')
        and attname <> all (select unnest(proargnames) from pg_proc where proname = 'enqueue')`);
    expect(missing).toBeNull();
  });

  test("an existing dedupe_key is refused as by the insert, or skipped on request", async () => {
    const outbox = await TestOutbox.open();
    const enqueue = (options: string): Promise<unknown> =>
      outbox.ask(`select talkme.enqueue('11988887777', 1, dedupe_key => 'order 42'${options})`);

    expect(await enqueue("")).toBe("1");
    expect(await refusalOf(enqueue(""))).toMatchObject({ code: "23505", constraint: "outbox_dedupe_key" });
    expect(await enqueue(", on_duplicate_key => 'skip'")).toBeNull();
    expect(await refusalOf(enqueue(", on_duplicate_key => 'ignore'"))).toMatchObject({
      code: "22023",
      constraint: "outbox_on_duplicate_key_known",
    });
    expect(await outbox.ask("select count(*) from talkme.outbox")).toBe("1");
  });

  test("runs with its caller's rights and records the caller in the row", async () => {
    const outbox = await TestOutbox.open();
    const shop = await personOf(outbox, "enqueue_shop");

    const id = await shop.ask("select talkme.enqueue('11988887777', 1)");
    expect((await outbox.row(String(id))).created_by).toBe("enqueue_shop");

    await outbox.ask("revoke insert on talkme.outbox from enqueue_shop");
    expect(await refusalOf(shop.ask("select talkme.enqueue('11988887777', 1)"))).toMatchObject({
      code: "42501",
    });
  });
});

describe("a row in the wrong state is refused by a rule's name, with its state and what to do instead", () => {
  const actions = [
    { call: "cancel(ID)", rule: "outbox_cancel_pending", allowed: ["pending"] },
    { call: "retry(ID)", rule: "outbox_retry_ended", allowed: ["failed", "expired", "cancelled"] },
    { call: "resolve(ID, 'sent')", rule: "outbox_resolve_unknown", allowed: ["unknown"] },
    { call: "resolve(ID, 'failed')", rule: "outbox_resolve_unknown", allowed: ["unknown"] },
    { call: "resolve(ID, 'resend')", rule: "outbox_resolve_unknown", allowed: ["unknown"] },
  ];

  test.each(actions)("talkme.$call", async ({ call, rule, allowed }) => {
    const { outbox, ids } = await openWithEveryState();
    for (const state of states.filter((name) => !allowed.includes(name))) {
      const before = await outbox.row(ids[state]);
      const refusal = await refusalOf(outbox.ask(`select talkme.${call.replace("ID", ids[state])}`));
      expect(refusal).toMatchObject({ code: "55000", constraint: rule });
      expect(refusal.message).toContain(`row ${ids[state]} cannot be`);
      expect(refusal.message).toContain(`it is ${state}`);
      expect(refusal.hint).toMatch(/\.$/);
      expect(await outbox.row(ids[state])).toEqual(before);
    }
    expect(await refusalOf(outbox.ask(`select talkme.${call.replace("ID", "999")}`))).toMatchObject({
      code: "P0002",
      constraint: "outbox_row_exists",
      message: "there is no row 999",
    });
  });

  test("a row on the wire is not waited for, and is named as such", async () => {
    const { outbox, ids } = await openWithEveryState();
    const { message, hint } = await refusalOf(outbox.ask(`select talkme.cancel(${ids.sending})`));
    expect(message).toMatch(/it is sending, on the wire with a since 20/);
    expect(hint).toContain("Wait for its answer");
  });
});

describe("retry", () => {
  test("gives failed and expired rows new attempts; an expired one needs a later expires_at", async () => {
    const { outbox, ids } = await openWithEveryState();

    expect(await outbox.ask(`select talkme.retry(${ids.failed})`)).toBe(`Row ${ids.failed} is pending.`);
    expect(await outbox.row(ids.failed)).toMatchObject({ status: "pending", attempts: 0, claimed_by: null });

    expect(await refusalOf(outbox.ask(`select talkme.retry(${ids.expired})`))).toMatchObject({
      code: "55000",
      constraint: "outbox_resend_expires_later",
      hint: expect.stringContaining(`talkme.retry(${ids.expired}, expires_at => `),
    });
    await outbox.ask(`select talkme.retry(${ids.expired}, expires_at => now() + interval '1 hour')`);
    expect(await outbox.row(ids.expired)).toMatchObject({ status: "pending", finished_at: null });

    await outbox.ask(`select talkme.cancel(${ids.expired})`);
    await outbox.ask(`select talkme.retry(${ids.expired}, expires_at => 'infinity')`);
    expect((await outbox.row(ids.expired)).expires_at).toBe(Infinity);
  });

  test("returns a cancelled row to the hold that it was under", async () => {
    const outbox = await TestOutbox.open();
    await outbox.ask("insert into talkme.campaign (id_campanha, name, burst_limit) values (1, 'x', 2)");
    const [id = ""] = await outbox.insertDue(3);

    await outbox.ask(`select talkme.cancel(${id})`);
    expect(await outbox.ask(`select talkme.retry(${id})`)).toContain("held as it was before");
    expect(await outbox.row(id)).toMatchObject({ status: "pending", error_code: "held_burst" });
  });

  test("does not revive a row for a suppressed person or without a recipient", async () => {
    const { outbox, ids } = await openWithEveryState();
    await outbox.ask(
      "insert into talkme.suppression (recipient, reason) values ('5511988887777', 'asked for it')",
    );
    for (const call of [`retry(${ids.failed})`, `resolve(${ids.unknown}, 'resend')`]) {
      expect(await refusalOf(outbox.ask(`select talkme.${call}`))).toMatchObject({
        constraint: "outbox_resend_not_suppressed",
        message: expect.not.stringContaining("88887777"),
      });
    }
    await outbox.ask(
      `update talkme.outbox set numero_dest = null, blanked_at = now() where id = ${ids.failed}`,
    );
    expect(await refusalOf(outbox.ask(`select talkme.retry(${ids.failed})`))).toMatchObject({
      constraint: "outbox_resend_has_data",
    });
  });
});

test("only a row that becomes pending wakes an idle daemon", async () => {
  const { outbox, ids } = await openWithEveryState();
  const { Client } = await import("pg");
  const client = new Client({ connectionString: outbox.url });
  await client.connect();
  let notified = 0;
  client.on("notification", () => {
    notified += 1;
  });
  await client.query("listen talkme_outbox");
  const wakes = async (statement: string): Promise<number> => {
    const before = notified;
    // PostgreSQL delivers a session's own notifications before the answer to its next statement.
    await client.query(`select ${statement}`);
    await client.query("select 1");
    return notified - before;
  };
  expect(await wakes(`talkme.cancel(${ids.pending})`)).toBe(0);
  expect(await wakes(`talkme.retry(${ids.cancelled})`)).toBe(1);
  expect(await wakes(`talkme.resolve(${ids.unknown}, 'resend')`)).toBe(1);
  expect(await wakes("talkme.retry_where(status => 'failed', go => true)")).toBe(1);
  expect(await wakes("talkme.cancel_where(status => 'pending', go => true)")).toBe(0);
  await client.end();
});

test("an answer that comes after a person's decision changes nothing", async () => {
  const { outbox, claimed, ids } = await openWithEveryState();
  await outbox.ask(`select talkme.resolve(${ids.unknown}, 'failed')`);
  const late = claimed.filter(({ id }) => id === ids.unknown).map((row) => settlementOf(row, "a"));
  expect(await outbox.settle(late)).toMatchObject({ stale: [ids.unknown], gone: [ids.unknown] });
  expect(await outbox.row(ids.unknown)).toMatchObject({ status: "failed", error_code: "timeout" });
});

test("the audit records who acted, when and why, and only what was done", async () => {
  const { outbox, ids } = await openWithEveryState();
  await outbox.ask("truncate talkme.audit, talkme.audit_row");
  await outbox.ask(`select talkme.cancel(${ids.pending}, 'wrong price')`);
  await outbox.ask(`select talkme.retry(${ids.pending}, reason => 'price is right')`);
  await outbox.ask(`select talkme.resolve(${ids.unknown}, 'sent', 'seen in Talk.me')`);
  await refusalOf(outbox.ask(`select talkme.cancel(${ids.sent}, 'too late')`));

  expect(
    await outbox.ask(
      "select json_agg(json_build_array(action, about, rows, reason, who) order by id) from talkme.audit",
    ),
  ).toEqual([
    ["cancel", { id: Number(ids.pending) }, 1, "wrong price", "postgres"],
    ["retry", { id: Number(ids.pending) }, 1, "price is right", "postgres"],
    ["resolve", { id: Number(ids.unknown), as: "sent" }, 1, "seen in Talk.me", "postgres"],
  ]);
});

describe("anybody but an operator or the owner", () => {
  test("cancels only their own rows; other rows seem not to exist", async () => {
    const outbox = await TestOutbox.open();
    const shop = await personOf(outbox, "actions_shop");
    const [foreign = ""] = await outbox.insertDue(1);
    const own = String(await shop.ask("select talkme.enqueue('11988887777', 1)"));

    expect(await shop.ask(`select talkme.cancel(${own})`)).toBe(`Row ${own} is cancelled.`);
    const unseen = await refusalOf(shop.ask(`select talkme.cancel(${foreign})`));
    const absent = await refusalOf(shop.ask("select talkme.cancel(999)"));
    expect({ ...unseen, message: "" }).toEqual({ ...absent, message: "" });
    expect(unseen.message).toBe(`there is no row ${foreign}`);
    expect(await shop.ask(`select talkme.explain(${foreign})`)).toBe(
      `There is no row ${foreign}, or it is not yours to see.`,
    );
    expect(await shop.ask(`select count(*) from talkme.history(${foreign})`)).toBe("0");
    expect(await shop.ask("select rows from talkme.cancel_where(id_campanha => 1, go => true)")).toBe("0");
    expect((await outbox.row(foreign)).status).toBe("pending");
    expect(await outbox.ask("select who from talkme.audit order by id limit 1")).toBe("actions_shop");
  });

  test("lacks what roles grant: operators act on all rows, viewers read them, and a dropped creator harms nothing", async () => {
    const outbox = await TestOutbox.open();
    const operator = await personOf(outbox, "actions_ana", "talkme_operator");
    const viewer = await personOf(outbox, "actions_bia", "talkme_viewer");
    const [id = "", orphan = ""] = await outbox.insertDue(2);
    await outbox.ask(`update talkme.outbox set created_by = 'dropped' where id = ${orphan}`);

    expect(await viewer.ask(`select talkme.explain(${orphan})`)).toContain("is pending");
    expect(await refusalOf(viewer.ask(`select talkme.cancel(${orphan})`))).toMatchObject({ code: "P0002" });
    await operator.ask(`select talkme.cancel(${id})`);
    await operator.ask(`select talkme.cancel(${orphan})`);
    expect(await viewer.ask(`select talkme.explain(${id})`)).toMatch(/cancelled at .* by actions_ana\./);
  });
});
