// For throughput, pg-boss with four workers of batch 250: fetching every half second, its shortest interval, or again at
// once while their batches are full. For recovery, with a worker for each request: a batch is completed as a whole, when its
// slowest job is done, so that a crash would send more of them again. They fetch at once while the queue is known to have
// jobs, of which they learn every second, as of dead processes.
import { PgBoss } from "pg-boss";

import { readPeerEnvironment } from "./peer-environment.ts";
import { Poster } from "./post.ts";
import { pgBossQueue } from "./pg-boss-queue.ts";

const { databaseUrl, apiUrl, concurrency, tunedFor } = readPeerEnvironment();
const poster = new Poster(apiUrl, concurrency);

const forRecovery = tunedFor === "recovery";

const everySecond = { superviseIntervalSeconds: 1, monitorIntervalSeconds: 1, queueCacheIntervalSeconds: 1 };
const boss = new PgBoss({ connectionString: databaseUrl, max: 10, ...(forRecovery ? everySecond : {}) });
boss.on("error", (error) => process.stderr.write(`${error.message}\n`));
await boss.start();
const options = forRecovery
  ? { localConcurrency: concurrency, batchSize: 1, pollingIntervalSeconds: 0.5, burstWhenReadyExceeds: 1 }
  : {
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
