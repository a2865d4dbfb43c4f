import { setTimeout as sleep } from "node:timers/promises";

import { fillOutbox } from "../contenders/fill-outbox.ts";
import { syncd } from "../contenders/syncd.ts";
import { interleave } from "../measure/interleave.ts";
import { median } from "../measure/statistics.ts";
import { startSyncd } from "../stage/node-child.ts";
import { SlowApi } from "../stage/slow-api.ts";
import type { Scenario } from "./scenario.ts";

const concurrency = 8;
/** Slow enough for the small backlog to outlast the measurement. */
const latencyMs = 200;
const sampleEveryMs = 100;

export const memory: Scenario = {
  name: "memory",
  question: "Does the daemon's memory grow with the backlog?",
  run: async (bench) => {
    await using api = await SlowApi.start(latencyMs);
    const few = bench.size({ smoke: 200, short: 1000, full: 1000 });
    const many = bench.size({ smoke: 2000, short: 50_000, full: 1_000_000 });
    const seconds = bench.size({ smoke: 1, short: 3, full: 20 });
    const [small, great] = [
      await bench.template(syncd, async (url) => fillOutbox(url, { count: few })),
      await bench.template(syncd, async (url) => fillOutbox(url, { count: many })),
    ];
    const measure = async (databaseUrl: string): Promise<number> => {
      const child = startSyncd({ databaseUrl, apiUrl: api.url, concurrency });
      try {
        await child.ready();
        const samples: number[] = [];
        for (let i = 0; i < (seconds * 1000) / sampleEveryMs; i += 1) {
          await sleep(sampleEveryMs);
          samples.push(await child.residentMb());
        }
        return median(samples);
      } finally {
        await child.stop();
      }
    };
    const results = await interleave(
      bench.rounds,
      {
        few: async () => bench.withCopy(small, async ({ url }) => measure(url)),
        many: async () => bench.withCopy(great, async ({ url }) => measure(url)),
      },
      (name, _, mb) => bench.log(`memory: ${name} ${mb.toFixed(0)} MB`),
    );
    return [
      {
        name: "memory",
        how: `resident memory in the first ${seconds} s with ${many} rows due, over that with ${few}`,
        of: { label: `${many} rows`, unit: "MB", values: results.many },
        over: { label: `${few} rows`, unit: "MB", values: results.few },
        goal: { kind: "at most", limit: 1.2, aim: 1 },
      },
    ];
  },
};
