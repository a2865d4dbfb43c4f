import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { Stage } from "./support/stage.ts";

const watchedSeconds = 12;
/** A session that became idle tells its last transactions within ten seconds: those of the start are not counted. */
const statisticsDelayMs = 11_000;

test("an idle daemon sends at most one statement a second, and is awake when something is inserted", async () => {
  const stage = await Stage.open();
  const syncd = stage.run({ TALKME_POLL_INTERVAL_MS: "1000" });
  await syncd.logged("sending");
  await syncd.logged("listening for inserts");
  await sleep(statisticsDelayMs);

  const before = await countTransactions(stage);
  await sleep(watchedSeconds * 1000);
  const sent = (await countTransactions(stage)) - before;
  expect(sent).toBeLessThanOrEqual(watchedSeconds);
  // Of a daemon that stands still this would be true as well.
  expect(sent).toBeGreaterThan(watchedSeconds / 4);

  const id = await stage.insert("11988887777");
  await stage.reaches(id, "sent");
});

/** Statements of others are transactions, too: of this test's own there is one. */
async function countTransactions(stage: Stage): Promise<number> {
  const [row] = await stage.sql(
    "select (xact_commit + xact_rollback)::integer as count from pg_stat_database where datname = current_database()",
  );
  return Number(row?.["count"]);
}
