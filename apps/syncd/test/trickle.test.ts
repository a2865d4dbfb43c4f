import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { Stage } from "./support/stage.ts";

const busyLane = 1;
const newLane = 2;

test("while rows of a lane keep coming, each is claimed without a look at the table, and the first row of another lane is found soon", async () => {
  const stage = await Stage.open();
  const [database] = await stage.sql("select current_database() as name");
  await stage.sql(`alter database "${String(database?.["name"])}" set track_functions = 'pl'`);
  // The next look by the clock is far away: every row is found because its insert was told.
  const syncd = stage.run({ TALKME_RATE_PER_SECOND: "0", TALKME_POLL_INTERVAL_MS: "60000" });
  await expect.poll(() => stage.sql("select listening from talkme.instance")).toEqual([{ listening: true }]);
  await stage.reaches(await stage.insert("11988887777"), "sent");

  const producer = await stage.connect();
  const insert = async (campaign: number): Promise<unknown> =>
    producer.query("insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', $1)", [
      campaign,
    ]);
  for (let i = 0; i < 200; i += 1) {
    await insert(busyLane);
    if (i % 50 === 25) await insert(newLane + Math.floor(i / 50));
    await sleep(5);
  }
  await expect.poll(() => stage.count("status <> 'sent'")).toBe(0);
  syncd.signal("SIGTERM");
  await syncd.exit();

  const waits = `select max(extract(epoch from claimed_at - created_at))::double precision as longest from talkme.outbox
    where id_campanha >= ${newLane}`;
  expect((await stage.sql(waits))[0]?.["longest"]).toBeLessThan(2);
  const looks = "select calls::integer from pg_stat_user_functions where funcname = 'read_queue'";
  await expect.poll(() => stage.sql(looks)).toEqual([{ calls: expect.any(Number) }]);
  expect((await stage.sql(looks))[0]?.["calls"]).toBeLessThan(150);
});
