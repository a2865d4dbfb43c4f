import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { countFunctionCalls } from "./support/function-calls.ts";
import { Stage } from "./support/stage.ts";

const isListening = "select listening from talkme.instance";

test("dense traffic notifies nobody and delays no row; inserts notify again when it ends", async () => {
  const stage = await Stage.open();
  // The next poll is far away: rows sent before it were noticed in another way.
  const syncd = stage.run({
    TALKME_RATE_PER_SECOND: "0",
    TALKME_CONCURRENCY: "64",
    TALKME_POLL_INTERVAL_MS: "60000",
  });
  await syncd.logged("sending");
  await expect.poll(() => stage.sql(isListening)).toEqual([{ listening: true }]);
  await stage.reaches(await stage.insert("11988887777"), "sent");

  const producer = await stage.connect();
  const session = (await producer.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid;
  let notified = 0;
  producer.on("notification", ({ processId }) => (notified += processId === session ? 1 : 0));
  await producer.query("listen talkme_outbox");
  const databaseTime = async (): Promise<string> =>
    String((await stage.sql("select clock_timestamp()::text as at"))[0]?.["at"]);
  const inserts = { whileListening: 0, otherwise: 0, notifying: 0 };
  const end = new AbortController();
  const traffic = (async () => {
    while (!end.signal.aborted) {
      const before = notified;
      // One snapshot for the question and the insert: on a busy machine the traffic may cease to be dense between them.
      await producer.query("begin isolation level repeatable read");
      const { rows } = await producer.query<{ listening: boolean }>(isListening);
      await producer.query(
        "insert into talkme.outbox (numero_dest, id_campanha) select '11988887777', 1 from generate_series(1, 20)",
      );
      await producer.query("commit");
      if (rows[0]?.listening !== false) inserts.whileListening += 1;
      else {
        inserts.otherwise += 1;
        inserts.notifying += notified - before;
      }
      await sleep(5);
    }
  })();
  let quietSince = "";
  try {
    await expect.poll(() => stage.sql(isListening)).toEqual([{ listening: false }]);
    quietSince = await databaseTime();
    await expect.poll(() => inserts.otherwise, { timeout: 60_000 }).toBeGreaterThan(100);
  } finally {
    end.abort();
    await traffic;
  }
  expect(inserts.notifying).toBe(0);

  await expect.poll(() => stage.count("status <> 'sent'"), { timeout: 30_000 }).toBe(0);
  // A busy machine sends more slowly than it inserts. If rows were found only after the traffic, none would qualify.
  const [found] = await stage.sql(`
    select avg((claimed_at < traffic.until)::integer)::double precision as share
    from talkme.outbox, (select max(created_at) as until from talkme.outbox) as traffic
    where created_at between '${quietSince}' and traffic.until`);
  expect(found?.["share"]).toBeGreaterThan(0.1);
  await expect.poll(() => stage.sql(isListening)).toEqual([{ listening: true }]);
  const heard = notified;
  await producer.query("insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1)");
  await expect.poll(() => stage.count("status <> 'sent'")).toBe(0);
  expect(notified).toBeGreaterThan(heard);
});

test("turns do not reread a backlog: beside an old snapshot each read walks over every sent row", async () => {
  const stage = await Stage.open();
  const calls = await countFunctionCalls(stage);
  await stage.insertMany(1, 3000);
  const syncd = stage.run({
    TALKME_RATE_PER_SECOND: "0",
    TALKME_CONCURRENCY: "64",
    TALKME_POLL_INTERVAL_MS: "60000",
  });
  await expect.poll(() => stage.count("status <> 'sent'"), { timeout: 30_000 }).toBe(0);
  syncd.signal("SIGTERM");
  await syncd.exit();

  await expect.poll(() => calls("settle_and_claim")).toBeGreaterThan(20);
  expect(await calls("read_queue")).toBeLessThan((await calls("settle_and_claim")) / 3);
});
