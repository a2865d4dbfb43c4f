import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { Stage } from "./support/stage.ts";
import { Syncd } from "./support/syncd.ts";
import { TcpProxy } from "./support/tcp-proxy.ts";

const watchedSeconds = 15;

async function answeredWithin(proxy: TcpProxy, ms: number): Promise<number> {
  const before = proxy.answered;
  await sleep(ms);
  return proxy.answered - before;
}

test("an idle daemon runs at most one statement a second, and still sends what is inserted", async () => {
  const stage = await Stage.open();
  const proxy = await TcpProxy.open(stage.databaseUrl);
  const syncd = Syncd.run(proxy.url, stage.simulator.url, { TALKME_POLL_INTERVAL_MS: "1000" });
  await expect.poll(() => stage.sql("select listening from talkme.instance")).toEqual([{ listening: true }]);
  await syncd.logged("sending");
  // On a busy machine the queries of a start, such as counts, come a little later.
  await expect.poll(() => answeredWithin(proxy, 1000)).toBeLessThanOrEqual(1);

  // The promise is a rate, which takes a while to watch.
  const statements = await answeredWithin(proxy, watchedSeconds * 1000);
  expect(statements).toBeLessThanOrEqual(watchedSeconds);
  // A daemon that stands still would not do.
  expect(statements).toBeGreaterThan(watchedSeconds / 5);

  await stage.reaches(await stage.insert("11988887777"), "sent");
});
