import { expect, test } from "vitest";

import { readiness } from "./support/own-server.ts";
import { Stage } from "./support/stage.ts";

test("a hanging heartbeat is given up before the next one, is reported by /readyz, and leaves nothing in the server", async () => {
  const stage = await Stage.open();
  const syncd = stage.run({ TALKME_LEASE_SECONDS: "3" });
  await stage.reaches(await stage.insert("11988887777"), "sent");
  await expect.poll(() => stage.sql("select listening from talkme.instance")).toEqual([{ listening: true }]);
  await expect.poll(() => readiness(syncd)).toMatchObject({ status: 200 });

  // The loop can still read it; nobody can write it.
  await stage.sql("begin");
  await stage.sql("lock table talkme.instance in exclusive mode");
  const waiting: number[] = [];
  await expect
    .poll(async () => {
      // Otherwise a transaction keeps seeing the sessions it saw first.
      await stage.sql("select pg_stat_clear_snapshot()");
      const backends = await stage.sql(
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      waiting.push(backends.length);
      return syncd.log.filter(({ msg }) => msg === "no heartbeat").length;
    })
    .toBeGreaterThan(5);
  expect(await readiness(syncd)).toMatchObject({
    status: 503,
    reasons: expect.stringContaining("heartbeats"),
  });
  expect(Math.max(...waiting)).toBeLessThanOrEqual(2);
  await stage.sql("rollback");

  await expect.poll(() => readiness(syncd)).toMatchObject({ status: 200 });
});
