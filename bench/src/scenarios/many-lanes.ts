import { fillOutbox } from "../contenders/fill-outbox.ts";
import { syncd } from "../contenders/syncd.ts";
import { interleave } from "../measure/interleave.ts";
import { drainOutbox } from "./drain-outbox.ts";
import { rates } from "./drain.ts";
import type { Scenario } from "./scenario.ts";

export const manyLanes: Scenario = {
  name: "many-lanes",
  question: "What do thousands of campaigns cost?",
  run: async (bench) => {
    const campaigns = bench.size({ smoke: 20, short: 2000, full: 2000 });
    const count = bench.size({ smoke: 200, short: 12_000, full: 100_000 });
    const one = await bench.template(syncd, async (url) => fillOutbox(url, { count }));
    const many = await bench.template(syncd, async (url) => fillOutbox(url, { count, campaigns }));
    const results = await interleave(
      bench.rounds,
      {
        one: async () =>
          bench.withCopy(one, async ({ url }) => drainOutbox(bench, { databaseUrl: url, count })),
        many: async () =>
          bench.withCopy(many, async ({ url }) => drainOutbox(bench, { databaseUrl: url, count })),
      },
      (name, _, { perSecond }) => bench.log(`many-lanes: ${name} ${perSecond.toFixed(0)}/s`),
    );
    return [
      {
        name: "many lanes",
        how: `${count} rows of ${campaigns} campaigns that the API is known to take, over as many rows of one`,
        of: rates(`${campaigns} campaigns`, results.many),
        over: rates("one campaign", results.one),
        goal: { kind: "at least", limit: 0.8, aim: 1 },
      },
    ];
  },
};
