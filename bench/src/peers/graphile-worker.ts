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
      // job wait, so there is none where the pickup is measured.
      ...(tunedFor === "drain"
        ? { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }
        : {}),
    },
  },
  noHandleSignals: true,
  taskList: { send: async (payload) => poster.post(payload) },
});
process.stdout.write("ready\n");
process.once("SIGTERM", () => {
  void runner.stop().finally(() => process.exit(0));
});
