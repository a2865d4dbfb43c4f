import { createDatabase } from "@talkme/test-postgres";

import { interleave, type Trial } from "../measure/interleave.ts";
import { disturbances, quickDisturbances } from "../recovery/disturb/index.ts";
import type { Disturbance } from "../recovery/disturb/disturbance.ts";
import type { DisturbedQueue } from "../recovery/disturbed-queue.ts";
import { disturbedGraphileWorker } from "../recovery/queues/graphile-worker.ts";
import { disturbedPgBoss } from "../recovery/queues/pg-boss.ts";
import { disturbedSyncd } from "../recovery/queues/syncd.ts";
import { recoveryTable } from "../recovery/recovery-table.ts";
import { runCell, type Cell } from "../recovery/run-cell.ts";
import { withDatabase } from "../stage/postgres.ts";
import type { Scenario } from "./scenario.ts";

const queues = [disturbedSyncd, disturbedGraphileWorker, disturbedPgBoss];
const concurrency = 32;

/** Longer than a lease and what follows it, which is how long syncd waits for a dead instance. */
const patienceMs = 60_000;

export const recovery: Scenario = {
  name: "recovery",
  question: "What is lost, sent twice or held when something breaks, and when does it go on?",
  run: async (bench) => {
    const count = bench.size({ smoke: 100, short: 4000, full: 8000 });
    const disturbanceMs = bench.size({ smoke: 600, short: 6000, full: 10_000 });
    const chosen = bench.scale === "smoke" ? quickDisturbances : disturbances;
    // A server of its own: it is stopped, and its logins are locked out.
    const server = await bench.startServer();
    try {
      const templates = new Map<DisturbedQueue, string>();
      for (const queue of queues) {
        const { url, name } = await createDatabase(server.url);
        await queue.migrate(url);
        await queue.fill(url, count);
        templates.set(queue, name);
      }
      const trial =
        (queue: DisturbedQueue, disturbance: Disturbance): Trial<Cell> =>
        async () =>
          withDatabase(server.url, templates.get(queue) ?? "", async ({ url }) =>
            runCell({ server, url, queue, disturbance, count, concurrency, disturbanceMs, patienceMs }),
          );
      const cells = chosen.flatMap((disturbance) =>
        queues.map((queue) => ({ name: `${disturbance.name}, ${queue.name}`, disturbance, queue })),
      );
      const results = await interleave(
        bench.rounds,
        Object.fromEntries(cells.map(({ name, queue, disturbance }) => [name, trial(queue, disturbance)])),
        (name, _, cell) => bench.log(`recovery: ${name}: ${JSON.stringify(cell)}`),
      );
      const how =
        `${count} jobs, concurrency ${concurrency}, an API that takes 60 to 140 ms; after three tenths of them, ` +
        `for ${disturbanceMs / 1000} s: ${chosen.map((each) => `${each.name} (${each.how})`).join("; ")}`;
      return [
        recoveryTable(
          how,
          cells.map(({ name, disturbance, queue }) => ({
            disturbance: disturbance.name,
            queue: queue.name,
            rounds: results[name] ?? [],
          })),
        ),
      ];
    } finally {
      await server.remove();
    }
  },
};
