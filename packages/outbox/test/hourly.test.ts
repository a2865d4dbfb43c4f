import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { rollUp } from "../src/daemon.ts";
import { TestOutbox } from "./support/outbox.ts";

/** Inserts rows that ended so long ago. */
async function ended(
  outbox: TestOutbox,
  ago: string,
  { status = "sent", count = 1, campaign = 1, batch = "null" } = {},
): Promise<void> {
  await outbox.ask(
    `insert into talkme.outbox (numero_dest, id_campanha, batch_id)
     select '11988887777', ${campaign}, ${batch} from generate_series(1, ${count})`,
  );
  await outbox.ask(
    `update talkme.outbox set status = '${status}', finished_at = ${ago} where status = 'pending'`,
  );
}

/** Makes a whole round; returns how many hours it counted. */
async function round(outbox: TestOutbox, restSeconds = 0): Promise<number> {
  let hours = 0;
  let hour: string | null = null;
  for (let more = true; more;) {
    const step = await rollUp(outbox.db, hour, restSeconds);
    hour = step.counted;
    more = step.more;
    if (hour !== null) hours += 1;
  }
  return hours;
}

const counted = (outbox: TestOutbox) =>
  outbox.ask(
    `select coalesce(json_agg(h order by ago, campaign, batch, status), '[]') from (
       select extract(epoch from date_trunc('hour', now(), 'UTC') - hour)::integer / 3600 as ago, id_campanha as campaign,
         batch_id is not null as batch, status, rows
       from talkme.hourly
     ) as h`,
  );

test("each hour's rows are counted by campaign, batch and what they became, and a second round changes nothing", async () => {
  const outbox = await TestOutbox.open();
  await outbox.ask("insert into talkme.batch (name) values ('lista')");
  await ended(outbox, "now()", { count: 3 });
  await ended(outbox, "now() - interval '26 hours'", { count: 2, batch: "1" });
  await ended(outbox, "now() - interval '26 hours'", { count: 4, status: "failed" });
  await ended(outbox, "now() - interval '400 days'", { count: 5, campaign: 2, status: "expired" });
  await ended(outbox, "now() - interval '400 days'", { count: 6, campaign: 2, status: "cancelled" });
  await outbox.ask("insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1)");

  const expected = [
    { ago: 0, campaign: 1, batch: false, status: "sent", rows: 3 },
    { ago: 26, campaign: 1, batch: false, status: "failed", rows: 4 },
    { ago: 26, campaign: 1, batch: true, status: "sent", rows: 2 },
    { ago: 9600, campaign: 2, batch: false, status: "cancelled", rows: 6 },
    { ago: 9600, campaign: 2, batch: false, status: "expired", rows: 5 },
  ];
  // Years without a row cost nothing.
  expect(await round(outbox)).toBe(3);
  expect(await counted(outbox)).toEqual(expected);
  expect(await round(outbox)).toBe(1);
  expect(await counted(outbox)).toEqual(expected);
});

test("the hours of deleted rows stay, and what ends late in an hour that is not final is counted", async () => {
  const outbox = await TestOutbox.open();
  await ended(outbox, "now() - interval '26 hours'", { count: 4 });
  await ended(outbox, "now()", { count: 1 });
  await round(outbox);
  await outbox.ask("delete from talkme.outbox where id <= 3");
  await ended(outbox, "now()", { count: 2, status: "failed" });
  await round(outbox);
  expect(await counted(outbox)).toMatchObject([
    { ago: 0, status: "failed", rows: 2 },
    { ago: 0, status: "sent", rows: 1 },
    { ago: 26, status: "sent", rows: 4 },
  ]);
});

test("hours of more than two years ago are removed", async () => {
  const outbox = await TestOutbox.open();
  await ended(outbox, "now() - interval '740 days'");
  await ended(outbox, "now() - interval '720 days'");
  await round(outbox);
  expect(await counted(outbox)).toMatchObject([{ ago: 720 * 24 }]);
});

test("a round serves all instances for a while, and two do not count at once", async () => {
  const outbox = await TestOutbox.open();
  await ended(outbox, "now()");
  expect(await round(outbox, 60)).toBe(1);
  expect(await round(outbox, 60)).toBe(0);

  const other = new Client({ connectionString: outbox.url });
  other.on("error", () => "The database is dropped with it.");
  await other.connect();
  onTestFinished(() => other.end());
  await other.query("begin");
  await other.query("select talkme.roll_up()");
  expect(await round(outbox)).toBe(0);
  await other.query("rollback");
  expect(await round(outbox)).toBe(1);
});
