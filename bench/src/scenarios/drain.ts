import type { Contender } from "../contenders/contender.ts";
import { graphileWorker } from "../contenders/graphile-worker.ts";
import { pgBoss, pgBossBurst } from "../contenders/pg-boss.ts";
import { syncd } from "../contenders/syncd.ts";
import { trustLanes } from "../contenders/fill-outbox.ts";
import { measureDrain, type Drain } from "../measure/drain.ts";
import { interleave, type Trial } from "../measure/interleave.ts";
import type { Series } from "../measure/ratio.ts";
import type { Child } from "../stage/child.ts";
import type { Bench } from "../stage/bench-stage.ts";
import { startUndiciAlone } from "../contenders/undici-alone.ts";
import type { Scenario } from "./scenario.ts";

export const drain: Scenario = {
  name: "drain",
  question: "How fast is a backlog sent, against HTTP alone and against other queues on PostgreSQL?",
  run: async (bench) => {
    const count = bench.size({ smoke: 300, short: 20_000, full: 50_000 });
    // Its rate is that of its polling, whatever the count.
    const polledCount = bench.size({ smoke: 300, short: 4000, full: 20_000 });
    const results = await interleave(
      bench.rounds,
      {
        undici: async () => measureUndici(bench, count),
        syncd: await drainTrial(bench, syncd, count),
        graphileWorker: await drainTrial(bench, graphileWorker, count),
        pgBoss: await drainTrial(bench, pgBoss, polledCount),
        pgBossBurst: await drainTrial(bench, pgBossBurst, count),
      },
      (name, _, { perSecond }) => bench.log(`drain: ${name} ${perSecond.toFixed(0)}/s`),
    );
    const how = `${count} rows due, concurrency ${bench.concurrency}, an API that answers at once`;
    const of = rates("syncd", results.syncd);
    return [
      {
        name: "drain against the limit",
        how: `${how}; over undici alone without a database`,
        of,
        over: rates("undici alone", results.undici),
        goal: { kind: "at least", limit: 0.6, aim: 0.75 },
      },
      {
        name: "drain against graphile-worker",
        how: `${how}; over graphile-worker with a local queue of 500 and batched completion`,
        of,
        over: rates("graphile-worker", results.graphileWorker),
        goal: { kind: "at least", limit: 1.3, aim: 1.8 },
      },
      {
        name: "drain against pg-boss",
        how: `${how}; over pg-boss with 4 workers of batch 250 that fetch every half second, and ${polledCount} rows`,
        of,
        over: rates("pg-boss", results.pgBoss),
        goal: { kind: "at least", limit: 4, aim: 6 },
      },
      {
        name: "drain against pg-boss with bursts",
        how: `${how}; over the same with \`burstWhenBatchFull\`, which keeps no job from being sent twice after a crash`,
        of,
        over: rates("pg-boss, burst", results.pgBossBurst),
        goal: null,
      },
    ];
  },
};

/** A trial that drains a fresh copy of `count` messages. */
async function drainTrial(bench: Bench, contender: Contender, count: number): Promise<Trial<Drain>> {
  const template = await bench.template(contender, async (url) => contender.fill(url, count));
  return async () =>
    bench.withCopy(template, async ({ url }) => {
      if (contender === syncd) await trustLanes(url);
      return measureDrain({
        api: bench.api,
        count,
        start: () => [
          contender.start({ databaseUrl: url, apiUrl: bench.api.url, concurrency: bench.concurrency }),
        ],
        isDrained: async () => contender.isDrained(url),
      });
    });
}

export async function measureUndici({ api, concurrency }: Bench, count: number): Promise<Drain> {
  const start = (): readonly Child[] => [startUndiciAlone(api.url, concurrency, count)];
  return measureDrain({ api, count, start, isDrained: () => Promise.resolve(true) });
}

export function rates(label: string, drains: readonly Drain[]): Series {
  return { label, unit: "messages/s", values: drains.map(({ perSecond }) => perSecond) };
}
