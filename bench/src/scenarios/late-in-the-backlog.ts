import { fillOutbox } from "../contenders/fill-outbox.ts";
import { syncd } from "../contenders/syncd.ts";
import { rateBetween } from "../measure/drain.ts";
import { interleave } from "../measure/interleave.ts";
import { drainOutbox } from "./drain-outbox.ts";
import type { Scenario } from "./scenario.ts";

/** Rows to warm up with, before those that count. */
const warmUpRows = 10_000;

export const lateInTheBacklog: Scenario = {
  name: "late-in-the-backlog",
  question: "Is the end of a great backlog sent as fast as its beginning?",
  run: async (bench) => {
    const count = bench.size({ smoke: 3000, short: 40_000, full: 1_000_000 });
    const warmUp = bench.scale === "smoke" ? 0 : warmUpRows;
    const total = count + warmUp;
    const template = await bench.template(syncd, async (url) => fillOutbox(url, { count: total }));
    const { backlog } = await interleave(
      bench.scale === "full" ? 2 : bench.rounds,
      {
        backlog: async () =>
          bench.withCopy(template, async ({ url }) => drainOutbox(bench, { databaseUrl: url, count: total })),
      },
      (_, round, { perSecond }) =>
        bench.log(`late-in-the-backlog: round ${round + 1} ${perSecond.toFixed(0)}/s`),
    );
    const unit = "messages/s";
    const between = (from: number, to: number): number[] =>
      backlog.map(({ samples }) => rateBetween(samples, warmUp + count * from, warmUp + count * to));
    return [
      {
        name: "late in the backlog",
        how: `the last tenth of ${count} rows over the first tenth, behind ${warmUp} rows of warm-up`,
        of: { label: "last tenth", unit, values: between(0.9, 1) },
        over: { label: "first tenth", unit, values: between(0, 0.1) },
        goal: { kind: "at least", limit: 0.95, aim: 1 },
      },
    ];
  },
};
