import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { Stage } from "./support/stage.ts";
import { Syncd } from "./support/syncd.ts";
import { TcpProxy } from "./support/tcp-proxy.ts";

const watchedSeconds = 15;

test("an idle daemon sends at most one statement a second, and sends what is inserted all the same", async () => {
  const stage = await Stage.open();
  const proxy = await TcpProxy.open(stage.databaseUrl);
  const syncd = Syncd.run(proxy.url, stage.simulator.url, { TALKME_POLL_INTERVAL_MS: "1000" });
  await expect.poll(() => stage.sql("select listening from talkme.instance")).toEqual([{ listening: true }]);
  await syncd.logged("sending");

  // What is promised is a rate: it can only be watched for a while.
  const before = proxy.answered;
  await sleep(watchedSeconds * 1000);
  const statements = proxy.answered - before;
  expect(statements).toBeLessThanOrEqual(watchedSeconds);
  // Nor would one do that stands still.
  expect(statements).toBeGreaterThan(watchedSeconds / 5);

  await stage.reaches(await stage.insert("11988887777"), "sent");
});
