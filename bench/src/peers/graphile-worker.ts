// graphile-worker as its documentation advises for speed: https://worker.graphile.org/docs/performance#batching.
import { run } from "graphile-worker";

import { readPeerEnvironment } from "./peer-environment.ts";
import { Poster } from "./post.ts";

const { databaseUrl, apiUrl, concurrency, tunedFor } = readPeerEnvironment();
const poster = new Poster(apiUrl, concurrency);

const runner = await run({
  preset: {
    worker: {
      connectionString: databaseUrl,
      concurrentJobs: concurrency,
      maxPoolSize: 10,
      pollInterval: 1000,
      // The documentation's own benchmark has a queue of 500 and completes without a delay. A queue makes a single
      // job wait, so there is none where the pickup is measured; and a process that dies has all of it locked, and the
      // jobs of a batch done but not completed, so there is neither where the recovery is.
      ...(tunedFor === "drain"
        ? { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }
        : {}),
    },
  },
  noHandleSignals: true,
  taskList: { send: async (payload) => poster.post(payload) },
});
process.stdout.write("ready\n");
// As in the documentation's example: the process ends with its runner.
runner.promise.then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
process.once("SIGTERM", () => {
  void runner.stop().finally(() => process.exit(0));
});
