import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { countFunctionCalls } from "./support/function-calls.ts";
import { Stage } from "./support/stage.ts";

const busyLane = 1;
const newLane = 2;
/** For several seconds: it must not be the end of them that brings the look. */
const inserts = 800;

test("while rows of a lane keep coming, not each costs a look at the table, and the first row of another lane is found meanwhile", async () => {
  const stage = await Stage.open();
  const calls = await countFunctionCalls(stage);
  // The next look by the clock is far away: every row is found because its insert was told.
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

  const wait = `select extract(epoch from claimed_at - created_at)::double precision as seconds from talkme.outbox
    where id_campanha = ${newLane}`;
  expect((await stage.sql(wait))[0]?.["seconds"]).toBeLessThan(2);
  // What a connection has called is told when it ends.
  const connections = `select count(*)::integer as left from pg_stat_activity
    where datname = current_database() and application_name = 'syncd'`;
  await expect.poll(() => stage.sql(connections)).toEqual([{ left: 0 }]);
  await expect.poll(() => calls("read_queue")).toBeGreaterThan(0);
  expect(await calls("read_queue")).toBeLessThan(inserts / 2);
});
