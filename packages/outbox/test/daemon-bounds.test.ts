import { sql, type Kysely } from "kysely";
import { memberUrl } from "@talkme/test-postgres";
import { expect, test } from "vitest";

import type { OutboxDatabase } from "../src/index.ts";
import { connect } from "./support/connect.ts";
import { TestOutbox } from "./support/outbox.ts";
import { refusalOf } from "./support/refusal.ts";

async function ask(db: Kysely<OutboxDatabase>, statement: string): Promise<readonly unknown[]> {
  return (await sql.raw(statement).execute(db)).rows;
}

async function retainAll(db: Kysely<OutboxDatabase>): Promise<void> {
  for (;;) {
    const [batch] = await ask(db, "select more from talkme.apply_retention(1000)");
    if (!Object.values(batch ?? {}).includes(true)) return;
  }
}

const configure = (retention: string, deleteAfter: string): string =>
  `select talkme.configure_account('default', null, ${retention}, ${deleteAfter})`;

test("the daemon cannot blank or delete rows sooner than the floor allows, whatever it configures", async () => {
  const outbox = await TestOutbox.open();
  const { daemon } = outbox;
  await outbox.insertDue(3);
  await outbox.ask("update talkme.outbox set status = 'sent', finished_at = now()");

  for (const [retention, deleteAfter] of [
    ["interval '0'", "interval '0'"],
    ["null", "interval '0'"],
    ["null", "interval '29 days 23:59:59'"],
    ["interval '6 days'", "null"],
    ["interval '-1 day'", "null"],
    // Compares as thirty days, but subtracting it gives a time in the future.
    ["null", "interval '-1000 years 360030 days'"],
  ] as const)
    expect({
      retention,
      deleteAfter,
      ...(await refusalOf(ask(daemon, configure(retention, deleteAfter))).catch(() => ({}))),
    }).toMatchObject({
      code: "23514",
      constraint: expect.stringMatching(/^account_(retention|delete_after)_floor$/),
      message: expect.stringContaining("talkme.retention_floor"),
    });
  expect(await ask(daemon, "select from talkme.account")).toEqual([]);

  await ask(daemon, configure("interval '7 days'", "interval '30 days'"));
  await retainAll(daemon);
  expect(await outbox.ask("select count(*)::int from talkme.outbox where blanked_at is null")).toBe(3);
});

test("the daemon cannot backdate a row to make it due for removal", async () => {
  const outbox = await TestOutbox.open();
  const { daemon } = outbox;
  await outbox.insertDue(3);
  await ask(daemon, configure("interval '7 days'", "interval '30 days'"));
  await ask(daemon, "update talkme.outbox set status = 'sent', finished_at = now() - interval '10 years'");
  await ask(daemon, "update talkme.outbox set finished_at = '-infinity'");
  await retainAll(daemon);
  expect(
    await outbox.ask(
      "select count(*)::int from talkme.outbox where blanked_at is null and finished_at = created_at",
    ),
  ).toBe(3);

  // The owner may say when rows ended.
  await outbox.ask("update talkme.outbox set finished_at = now() - interval '10 years'");
  await retainAll(daemon);
  expect(await outbox.ask("select count(*)::int from talkme.outbox")).toBe(0);
});

test("only the schema's owner lowers the floor, and is not bound by it", async () => {
  const outbox = await TestOutbox.open();
  const { daemon } = outbox;
  for (const role of ["talkme_daemon", "talkme_operator", "talkme_viewer", "talkme_producer"]) {
    const db = connect(await memberUrl(outbox.url, role));
    const lower = ask(db, "update talkme.retention_floor set delete_after = interval '0'");
    expect(await refusalOf(lower)).toMatchObject({ code: "42501" });
    await db.destroy();
  }
  await outbox.ask(configure("interval '1 day'", "interval '2 days'"));
  // A file that agrees with the owner changes nothing.
  await ask(daemon, configure("interval '1 day'", "interval '2 days'"));
  await outbox.ask("update talkme.retention_floor set retention = '1 hour', delete_after = '1 day'");
  await ask(daemon, configure("interval '1 hour'", "interval '1 day'"));
  expect(await ask(daemon, "select retention::text, delete_after::text from talkme.account")).toEqual([
    { retention: "01:00:00", delete_after: "1 day" },
  ]);
});

test("the daemon creates partitions for two years at most", async () => {
  const { daemon } = await TestOutbox.open();
  for (const months of ["1000000", "25", "-1", "null"])
    expect(await refusalOf(ask(daemon, `select talkme.create_attempt_partitions(${months})`))).toMatchObject({
      code: "22023",
      message: expect.stringContaining("talkme.create_attempt_partitions"),
    });
  expect(await ask(daemon, "select talkme.create_attempt_partitions(3)")).toHaveLength(1);
});

test("a function placed in the schema public never runs with the rights of a role that updates the outbox", async () => {
  const outbox = await TestOutbox.open();
  await outbox.insertDue(1);
  await outbox.ask(`
    create table public.victims (who text);
    create function public.num_nulls(text, timestamptz) returns integer language plpgsql as
      $$ begin insert into public.victims values (current_user); return 0; end $$;
    create function public.isfinite(timestamptz) returns boolean language plpgsql as
      $$ begin insert into public.victims values (current_user); return true; end $$;`);
  await outbox.ask("update talkme.outbox set status = 'sending', claimed_by = 'a', claimed_at = now()");
  await outbox.ask("update talkme.outbox set retry_at = now()");
  expect(await outbox.ask("select count(*)::int from public.victims")).toBe(0);
});
