import { memberUrl } from "@talkme/test-postgres";
import { sql, type Kysely } from "kysely";
import { expect, onTestFinished, test } from "vitest";

import type { OutboxDatabase } from "../src/index.ts";
import { connect } from "./support/connect.ts";
import { TestOutbox } from "./support/outbox.ts";

/** Functions that people's roles may execute, and that are not made for people. */
const machinery: Readonly<Record<string, readonly string[]>> = {
  "a view runs it with the rights of whoever reads": [
    "count_batch",
    "count_campaigns",
    "count_rows",
    "granted_campaigns",
    "mask_recipient",
    "may_use_campaign",
    "say_error",
    "sees_every_row",
    "silent_captures",
  ],
  "what a capture or an insert is made of runs with the rights of whoever makes it": [
    "capture_expression",
    "capture_failed",
    "capture_types",
    "check_capture_request",
    "check_one_expression",
    "define_capture",
    "enqueue_problems",
    "hide_numbers",
    "may_record",
    "problem_of",
    "record_capture_error",
    "refuse_capture",
    "register_capture",
    "try_capture_expressions",
    "unregister_capture",
    "without_values",
    "write_capture",
  ],
  "syncd asks it, and so does somebody who looks for why": [
    "area_of",
    "check_history",
    "held_until",
    "history_notice",
    "history_state",
    "is_paused",
    "next_opening",
    "opens_at",
    "recipient_of",
    "roll_up",
    "scopes_of",
    "sequences_behind",
    "server_identity",
  ],
};

const roles = ["talkme_producer", "talkme_viewer", "talkme_operator", "talkme_marketing"] as const;

async function namesOf(db: Kysely<OutboxDatabase>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select substring(call from E'talkme\\\\.([a-z_]+)') as name from talkme.help
  `.execute(db);
  return rows.map(({ name }) => name);
}

async function as(outbox: TestOutbox, role: string): Promise<Kysely<OutboxDatabase>> {
  const db = connect(await memberUrl(outbox.url, role));
  onTestFinished(() => db.destroy());
  return db;
}

test.each(roles)("talkme.help shows a %s what it may call, and no machinery", async (role) => {
  const outbox = await TestOutbox.open();
  const shown = await namesOf(await as(outbox, role));
  const { rows } = await sql<{ name: string }>`
    select distinct p.proname as name from pg_proc as p cross join aclexplode(p.proacl) as a
    where p.pronamespace = 'talkme'::regnamespace and a.grantee = ${role}::regrole
  `.execute(outbox.db);
  const inner = new Set(Object.values(machinery).flat());
  const granted = rows.map(({ name }) => name);
  // A new function is added to talkme.help, or to the machinery above.
  expect([...new Set(shown)].filter((name) => name !== "number_key").toSorted()).toEqual(
    granted.filter((name) => !inner.has(name)).toSorted(),
  );
});

test("the machinery of this test is machinery, and every function of talkme.help says what it does and how it is called", async () => {
  const outbox = await TestOutbox.open();
  const owners = await namesOf(outbox.db);
  expect(owners.filter((name) => Object.values(machinery).flat().includes(name))).toEqual([]);
  const { rows } = await sql<{ topic: string; call: string; does: string; roles: readonly string[] }>`
    select * from talkme.help
  `.execute(outbox.db);
  expect(rows.filter(({ does }) => (does ?? "").length < 10)).toEqual([]);
  expect(rows.find(({ call }) => call.startsWith("talkme.cancel("))).toMatchObject({
    topic: "one row",
    call: "talkme.cancel(id [, reason])",
    roles: ["talkme_marketing", "talkme_operator", "talkme_producer"],
  });
  expect(rows.map(({ call }) => call)).toContain("talkme.number_key(numero_dest)");
  expect(rows.find(({ call }) => call.startsWith("talkme.problems("))?.call).toMatch(
    /^talkme\.problems\(\[numero_dest, id_campanha, .*batch_id\]\)$/,
  );
});
