import { memberUrl } from "@talkme/test-postgres";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";

import { countRows, createAttemptPartitions, readQueue, expireOverdue, listFailures } from "../src/daemon.ts";
import { connect } from "./support/connect.ts";
import { settlementOf, TestOutbox } from "./support/outbox.ts";
import { personOf } from "./support/role.ts";

test("every lane and priority with pending rows is found, with the time until its first row is due", async () => {
  const outbox = await TestOutbox.open();
  const insert = "numero_dest, id_campanha, id_wpp, account, priority, send_at";
  await outbox.insert(
    insert,
    `values ('11988887777', 1, null, 'default', 0, now() + interval '1 hour'),
            ('11988887777', 1, null, 'default', 0, now() - interval '1 hour'),
            ('11988887777', 1, null, 'default', 5, now() + interval '1 hour'),
            ('11988887777', 1, 9, 'default', 0, now()),
            ('11988887777', null, 9, 'vendas', 0, now())`,
  );

  const { lanes } = await readQueue(outbox.daemon);

  expect(lanes.map(({ lane, priority, account }) => [lane, priority, account])).toEqual([
    ["default/1/-", 0, "default"],
    ["default/1/-", 5, "default"],
    ["default/1/9", 0, "default"],
    ["vendas/-/9", 0, "vendas"],
  ]);
  expect(lanes[0]?.dueInMs).toBeLessThan(-3_500_000);
  expect(lanes[1]?.dueInMs).toBeGreaterThan(3_500_000);
});

test("rows are counted by status, including zeros", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.insertDue(5);
  const [sent, failed, sending] = await outbox.claim("a", { limit: 3 });
  if (sent === undefined || failed === undefined || sending === undefined) throw new Error("Too few rows.");
  await outbox.settle([
    settlementOf(sent, "a"),
    settlementOf(failed, "a", { status: "failed", errorCode: "not_found" }),
  ]);

  const counts = await countRows(outbox.daemon);

  expect(counts).toEqual({
    byStatus: { pending: 2, sending: 1, sent: 1, failed: 1, unknown: 0, expired: 0, cancelled: 0 },
    sentIsEstimate: false,
  });
});

test("unsent rows are grouped by reason, most frequent first, with an example", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.insertDue(3);
  const rows = await outbox.claim("a");
  await outbox.settle(
    rows.map((row, i) =>
      settlementOf(row, "a", {
        status: "failed",
        errorCode: i === 0 ? "invalid_ddd" : "not_found",
        error: `number ${i}`,
      }),
    ),
  );

  expect(await listFailures(outbox.daemon, "en")).toMatchObject([
    { status: "failed", errorCode: "not_found", rows: 2, example: "number 2" },
    { status: "failed", errorCode: "invalid_ddd", rows: 1, example: "number 0" },
  ]);
});

test("the example says in the reader's language what the code means, to whoever may look", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.insertDue(1);
  const [row] = await outbox.claim("a");
  if (row === undefined) throw new Error("Nothing was claimed.");
  await outbox.settle([
    settlementOf(row, "a", { status: "failed", errorCode: "not_found", error: "The API answered 404." }),
  ]);
  const portuguese: unknown = await outbox.ask("select talkme.say_error('not_found', 'x', 'pt-BR')");

  expect(portuguese).not.toContain("The API");
  expect(await listFailures(outbox.daemon, "pt-BR")).toMatchObject([{ example: portuguese }]);
  const viewer = await personOf(outbox, "reports_viewer", "talkme_viewer");
  expect(await viewer.ask("select example from talkme.failures")).toBe("The API answered 404.");
  const brazilian = connect(
    `${await memberUrl(outbox.url, "talkme_viewer")}?options=-c%20talkme.language%3Dpt-BR`,
  );
  onTestFinished(() => brazilian.destroy());
  expect((await sql`select example from talkme.failures`.execute(brazilian)).rows).toEqual([
    { example: portuguese },
  ]);
});

test("unclaimed rows expire in batches, and only once overdue", async () => {
  const outbox = await TestOutbox.open();
  const insert = "numero_dest, id_campanha, send_at, expires_at";
  const overdue = "now() - interval '2 hours', now() - interval '1 hour'";
  await outbox.insert(insert, `select '11988887777', 1, ${overdue} from generate_series(1, 3)`);
  await outbox.insert(insert, "values ('11988887777', 1, now(), now() + interval '1 hour')");

  expect(await expireOverdue(outbox.daemon, 2)).toHaveLength(2);
  expect(await expireOverdue(outbox.daemon, 2)).toHaveLength(1);
  expect(await expireOverdue(outbox.daemon, 2)).toEqual([]);
  expect(await outbox.ask("select count(*) from talkme.outbox where status = 'expired'")).toBe("3");
});

test("partitions for the coming months are created once, and this month's attempts go into theirs", async () => {
  const outbox = await TestOutbox.open();

  expect(await createAttemptPartitions(outbox.daemon, 3)).toBe(0);
  expect(await createAttemptPartitions(outbox.daemon, 5)).toBe(2);

  await sql`
    insert into talkme.attempt (outbox_id, attempt, account, action, started_at, duration_ms, outcome, instance)
    values (1, 1, 'default', 'v2', now(), 1, 'accepted', 'a')
  `.execute(outbox.db);
  expect(await outbox.ask("select count(*) from talkme.attempt_default")).toBe("0");
});

test("attempts recorded before their month's partition exists move into it when it is created", async () => {
  const outbox = await TestOutbox.open();
  await sql`
    insert into talkme.attempt (outbox_id, attempt, account, action, started_at, duration_ms, outcome, instance)
    values (1, 1, 'default', 'v2', now() + interval '5 months', 1, 'accepted', 'a')
  `.execute(outbox.db);
  expect(await outbox.ask("select count(*) from talkme.attempt_default")).toBe("1");

  await createAttemptPartitions(outbox.daemon, 6);

  expect(await outbox.ask("select count(*) from talkme.attempt_default")).toBe("0");
  expect(await outbox.ask("select count(*) from talkme.attempt")).toBe("1");
});
