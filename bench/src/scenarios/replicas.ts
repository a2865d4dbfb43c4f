import { fillOutbox, trustLanes } from "../contenders/fill-outbox.ts";
import { isOutboxDrained, syncd } from "../contenders/syncd.ts";
import { measureDrain, type Drain } from "../measure/drain.ts";
import { interleave } from "../measure/interleave.ts";
import { startSyncd } from "../stage/node-child.ts";
import { SlowApi } from "../stage/slow-api.ts";
import { rates } from "./drain.ts";
import type { Scenario } from "./scenario.ts";

const latencyMs = 100;
const concurrency = 32;
const instances = 4;

export const replicas: Scenario = {
  name: "replicas",
  question: "Do more instances send more, where the API is what takes the time?",
  run: async (bench) => {
    await using api = await SlowApi.start(latencyMs);
    const perInstance = bench.size({ smoke: 40, short: 600, full: 6400 });
    const one = await bench.template(syncd, async (url) => fillOutbox(url, { count: perInstance }));
    const many = await bench.template(syncd, async (url) =>
      fillOutbox(url, { count: perInstance * instances }),
    );
    const drain = async (url: string, howMany: number): Promise<Drain> => {
      await trustLanes(url);
      const options = { databaseUrl: url, apiUrl: api.url, concurrency };
      return measureDrain({
        api,
        count: perInstance * howMany,
        start: () => Array.from({ length: howMany }, () => startSyncd(options)),
        isDrained: async () => isOutboxDrained(url),
      });
    };
    const results = await interleave(
      bench.rounds,
      {
        one: async () => bench.withCopy(one, async ({ url }) => drain(url, 1)),
        many: async () => bench.withCopy(many, async ({ url }) => drain(url, instances)),
      },
      (name, _, { perSecond }) => bench.log(`replicas: ${name} ${perSecond.toFixed(0)}/s`),
    );
    return [
      {
        name: "replicas",
        how: `an API that takes ${latencyMs} ms, concurrency ${concurrency}: ${instances} instances over one`,
        of: rates(`${instances} instances`, results.many),
        over: rates("one instance", results.one),
        goal: { kind: "at least", limit: 3.5, aim: 4 },
      },
    ];
  },
};
