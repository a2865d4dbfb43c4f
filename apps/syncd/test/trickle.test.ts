import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { countFunctionCalls } from "./support/function-calls.ts";
import { Stage } from "./support/stage.ts";

const busyLane = 1;
const newLane = 2;
/** Enough to take several seconds: the read must not have to wait for their end. */
const inserts = 800;

test("a steady trickle into one lane does not reread the queue for each row or delay another lane's first row", async () => {
  const stage = await Stage.open();
  const calls = await countFunctionCalls(stage);
  // The next poll is far away: rows are found because their inserts notify.
  const syncd = stage.run({ TALKME_RATE_PER_SECOND: "0", TALKME_POLL_INTERVAL_MS: "60000" });
  await expect.poll(() => stage.sql("select listening from talkme.instance")).toEqual([{ listening: true }]);
  await stage.reaches(await stage.insert("11988887777"), "sent");

  const producer = await stage.connect();
  const insert = async (campaign: number): Promise<unknown> =>
    producer.query("insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', $1)", [
      campaign,
    ]);
  for (let i = 0; i < inserts; i += 1) {
    await insert(busyLane);
    if (i === 25) await insert(newLane);
    await sleep(5);
  }
  await expect.poll(() => stage.count("status <> 'sent'")).toBe(0);
  syncd.signal("SIGTERM");
  await syncd.exit();

  // If found only at the end, it would have waited for nearly all of the traffic.
  const wait = `
    select extract(epoch from (claimed_at - created_at)) < extract(epoch from traffic.until - created_at) / 2 as short
    from talkme.outbox, (select max(created_at) as until from talkme.outbox) as traffic where id_campanha = ${newLane}`;
  expect(await stage.sql(wait)).toEqual([{ short: true }]);
  // The server counts a connection's calls when it ends.
  const connections = `select count(*)::integer as left from pg_stat_activity
    where datname = current_database() and application_name = 'syncd'`;
  await expect.poll(() => stage.sql(connections)).toEqual([{ left: 0 }]);
  await expect.poll(() => calls("read_queue")).toBeGreaterThan(0);
  expect(await calls("read_queue")).toBeLessThan(inserts / 2);
});
