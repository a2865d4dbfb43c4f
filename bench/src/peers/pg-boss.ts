// pg-boss with four workers of batch 250: fetching every half second, its shortest interval, or again at once
// while their batches are full.
import { PgBoss } from "pg-boss";

import { readPeerEnvironment } from "./peer-environment.ts";
import { Poster } from "./post.ts";
import { pgBossQueue } from "./pg-boss-queue.ts";

const { databaseUrl, apiUrl, concurrency, tunedFor } = readPeerEnvironment();
const poster = new Poster(apiUrl, concurrency);

const boss = new PgBoss({ connectionString: databaseUrl, max: 10 });
boss.on("error", (error) => process.stderr.write(`${error.message}\n`));
await boss.start();
const options = {
  localConcurrency: 4,
  batchSize: 250,
  pollingIntervalSeconds: 0.5,
  burstWhenBatchFull: tunedFor === "burst",
};
await boss.work<object>(pgBossQueue, options, async (jobs) => {
  await Promise.all(jobs.map(({ data }) => poster.post(data)));
});
process.stdout.write("ready\n");
process.once("SIGTERM", () => {
  void boss.stop({ graceful: false }).finally(() => process.exit(0));
});
