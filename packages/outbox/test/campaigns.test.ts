import { sql } from "kysely";
import { expect, test } from "vitest";

import { listCampaigns, listOpenBatches, type CampaignProgress } from "../src/daemon.ts";
import { ExplainedSession } from "./support/explained-session.ts";
import { TestOutbox } from "./support/outbox.ts";

const columns = "numero_dest, id_campanha, id_wpp, send_at";

async function insertRows(outbox: TestOutbox, campaign: string, count: number, at: string): Promise<void> {
  await outbox.insert(
    columns,
    `select '119' || (70000000 + i), ${campaign}, 9, ${at} from generate_series(1, ${count}) as i`,
  );
}

async function campaignsOf(outbox: TestOutbox): Promise<ReadonlyMap<string | null, CampaignProgress>> {
  const all = await listCampaigns(outbox.daemon);
  return new Map(all.map((one) => [one.idCampanha, one]));
}

test("talkme.campaigns counts each campaign by status over its channels, registered or not", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.ask("insert into talkme.campaign (id_campanha, name) values (1, 'Natal'), (5, 'Páscoa')");
  await insertRows(outbox, "1", 6, "now() - interval '1 second'");
  await insertRows(outbox, "1", 2, "now() + interval '1 day'");
  await outbox.insert("numero_dest, id_campanha", "values ('11988887777', 1)");
  await insertRows(outbox, "2", 3, "now()");
  await insertRows(outbox, "null", 4, "now()");
  await outbox.claim("a", { lane: "default/1/9", limit: 4 });
  const end = (status: string, id: number): Promise<unknown> =>
    outbox.ask(
      `update talkme.outbox set status = '${status}', finished_at = now(), claim = -claim where id = ${id}`,
    );
  await end("sent", 1);
  await end("failed", 2);
  await outbox.ask("update talkme.outbox set status = 'unknown' where id = 3");
  const campaigns = await campaignsOf(outbox);
  expect([...campaigns.keys()]).toEqual(["1", "2", "5", null]);
  expect(campaigns.get("1")).toMatchObject({
    name: "Natal",
    registered: true,
    pending: 5,
    due: 3,
    sending: 1,
    sent: 1,
    sentIsEstimate: false,
    failed: 1,
    unknown: 1,
  });
  expect(campaigns.get("2")).toMatchObject({ name: null, registered: false, active: true, due: 3 });
  expect(campaigns.get("5")).toMatchObject({ name: "Páscoa", pending: 0, expectedEndSeconds: null });
  expect(campaigns.get(null)).toMatchObject({ registered: false, pending: 4 });
});

test("the rate is that of the last minute, and the end goes by it, by the window and by send_at", async () => {
  const outbox = await TestOutbox.open();
  await outbox.ask("insert into talkme.campaign (id_campanha, name, rate_per_second) values (1, 'Natal', 2)");
  await insertRows(outbox, "1", 7200, "now()");
  const hours = "select round(extract(epoch from expected_end - now()) / 360)::integer from talkme.campaigns";
  // Nothing was sent yet: the campaign's own rate.
  expect(await outbox.ask(hours)).toBe(10);

  await sql`alter table talkme.outbox disable trigger user`.execute(outbox.db);
  await outbox.ask(
    "update talkme.outbox set status = 'sent', finished_at = now() - interval '59 seconds' where id <= 240",
  );
  await outbox.ask("update talkme.outbox set finished_at = now() - interval '2 minutes' where id <= 10");
  expect(Number(await outbox.ask("select rate_per_second from talkme.campaigns"))).toBeCloseTo(230 / 59, 1);
  expect(await outbox.ask(hours)).toBe(5);
  await outbox.ask("update talkme.outbox set send_at = now() + interval '3 hours' where id = 7200");
  expect(await outbox.ask(hours)).toBe(30);
  await outbox.ask("select talkme.pause('campaign:1', 'wrong price')");
  expect(await outbox.ask("select paused and expected_end is null from talkme.campaigns")).toBe(true);
});

test("a batch is open while it waits, and for a day; beyond the most, batches are counted by their waiting rows", async () => {
  const outbox = await TestOutbox.open();
  await outbox.ask("insert into talkme.batch (name) select 'list ' || i from generate_series(1, 6) as i");
  for (const batch of [1, 2, 3])
    await outbox.insert(
      "numero_dest, id_campanha, batch_id",
      `select '119' || (70000000 + i), 1, ${batch} from generate_series(1, ${batch * 10}) as i`,
    );
  await outbox.ask("update talkme.batch set created_at = now() - interval '2 days' where id <> 5");
  const open = async (most: number): Promise<unknown> => {
    const { batches, more, morePending } = await listOpenBatches(outbox.daemon, most);
    return [batches.map(({ id, pending }) => [id, pending]), more, morePending];
  };
  expect(await open(9)).toEqual([
    [
      ["3", 30],
      ["2", 20],
      ["1", 10],
      ["5", 0],
    ],
    0,
    0,
  ]);
  expect(await open(1)).toEqual([[["3", 30]], 3, 30]);
});

test("counting campaigns reads no sent rows but those of the last minute", async () => {
  const outbox = await TestOutbox.open();
  await sql`alter table talkme.outbox disable trigger user`.execute(outbox.db);
  // One row a page, and so many pages that sent rows are estimated.
  await outbox.ask("alter table talkme.outbox set (fillfactor = 10)");
  await outbox.insert(
    "numero_dest, id_campanha, id_wpp, status, finished_at, response",
    `select '119' || (70000000 + i), 1, 9, 'sent', now() - interval '1 hour',
      (select string_agg(md5(i || '.' || j), '') from generate_series(1, 40) as j)
     from generate_series(1, 14000) as i`,
  );
  await insertRows(outbox, "1", 50, "now()");
  await sql`vacuum (analyze) talkme.outbox`.execute(outbox.db);
  await using session = await ExplainedSession.open(outbox.url);
  const plan = await session.explain(async () => {
    expect((await listCampaigns(session.db))[0]).toMatchObject({ pending: 50, sentIsEstimate: true });
  });
  expect(plan.sequentialScans.filter((table) => !table.startsWith("pg_"))).toEqual([]);
  expect(plan.buffers).toBeLessThan(1000);
});
