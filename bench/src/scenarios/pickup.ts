import { setTimeout as sleep } from "node:timers/promises";

import type { Client } from "pg";

import { graphileWorker } from "../contenders/graphile-worker.ts";
import { insertMessage } from "../contenders/insert-message.ts";
import { startPeer } from "../contenders/start-peer.ts";
import { syncd } from "../contenders/syncd.ts";
import { interleave } from "../measure/interleave.ts";
import type { Ratio } from "../measure/ratio.ts";
import { percentile } from "../measure/statistics.ts";
import { infoContato } from "../message.ts";
import type { Child } from "../stage/child.ts";
import { startSyncd } from "../stage/node-child.ts";
import { withClient } from "../stage/postgres.ts";
import { SlowApi } from "../stage/slow-api.ts";
import type { Scenario } from "./scenario.ts";

const intervalMs = 10;
const concurrency = 64;
const arrivalDeadlineMs = 60_000;

/** A rest after the fast warm-up, until its traffic no longer counts as dense. */
const restMs = 2000;

interface Producer {
  readonly start: (databaseUrl: string, apiUrl: string) => Child;
  /** Inserts the message whose `geral1` is the mark. */
  readonly insert: (client: Client, mark: string) => Promise<unknown>;
}

const producers: Readonly<Record<"syncd" | "graphileWorker", Producer>> = {
  syncd: {
    start: (databaseUrl, apiUrl) => startSyncd({ databaseUrl, apiUrl, concurrency }),
    insert: async (client, mark) => insertMessage(client, { ...infoContato, geral1: mark }),
  },
  graphileWorker: {
    start: (databaseUrl, apiUrl) =>
      startPeer("graphile-worker", { databaseUrl, apiUrl, concurrency }, "pickup"),
    insert: async (client, mark) =>
      client.query("select graphile_worker.add_job('send', $1)", [{ info_contato: { geral1: mark } }]),
  },
};

export const pickup: Scenario = {
  name: "pickup",
  question: "How soon after its insert is a message on the wire?",
  run: async (bench) => {
    const count = bench.size({ smoke: 10, short: 400, full: 2000 });
    // Opens connections and compiles code: a daemon runs for years.
    const warmUp = bench.size({ smoke: 5, short: 1500, full: 5000 });
    const templates = {
      syncd: await bench.template(syncd, async () => {}),
      graphileWorker: await bench.template(graphileWorker, async () => {}),
    };
    const trial = (name: keyof typeof producers) => async () =>
      bench.withCopy(templates[name], async ({ url }) =>
        measurePickup(url, producers[name], { count, warmUp }),
      );
    const results = await interleave(
      bench.rounds,
      { syncd: trial("syncd"), graphileWorker: trial("graphileWorker") },
      (name, _, waits) =>
        bench.log(
          `pickup: ${name} p50 ${percentile(waits, 0.5).toFixed(1)} p99 ${percentile(waits, 0.99).toFixed(1)} ms`,
        ),
    );
    return [0.5, 0.99].map((share): Ratio => {
      const series = (label: string, rounds: readonly (readonly number[])[]): Ratio["of"] => ({
        label,
        unit: "ms",
        values: rounds.map((waits) => percentile(waits, share)),
      });
      return {
        name: `pickup, p${share * 100}`,
        how: `${count} inserts, one every ${intervalMs} ms: from before the insert to the request's arrival, over graphile-worker without a local queue`,
        of: series("syncd", results.syncd),
        over: series("graphile-worker", results.graphileWorker),
        goal: { kind: "at most", limit: 1, aim: 0.7 },
      };
    });
  },
};

/** @returns How long each message took, in milliseconds. */
async function measurePickup(
  databaseUrl: string,
  { start, insert }: Producer,
  { count, warmUp }: { readonly count: number; readonly warmUp: number },
): Promise<readonly number[]> {
  const insertedAtMs = new Map<string, number>();
  const waits = new Map<string, number>();
  await using api = await SlowApi.start(0, (body) => {
    const mark = /"geral1":"(\d+)"/.exec(body)?.[1] ?? "";
    waits.set(mark, performance.now() - (insertedAtMs.get(mark) ?? Number.NaN));
  });
  const child = start(databaseUrl, api.url);
  try {
    await child.ready();
    const insertAll = async (from: number, to: number, everyMs: number): Promise<void> => {
      await withClient(databaseUrl, async (client) => {
        for (let i = from; i < to; i += 1) {
          const atMs = performance.now();
          insertedAtMs.set(String(i), atMs);
          await insert(client, String(i));
          await sleep(Math.max(0, everyMs - (performance.now() - atMs)));
        }
      });
      const endMs = performance.now() + arrivalDeadlineMs;
      while (waits.size < to) {
        if (performance.now() > endMs)
          throw new Error(`Only ${waits.size} of ${to} arrived:\n${child.output}`);
        await sleep(intervalMs);
      }
    };
    await insertAll(0, warmUp, 0);
    await sleep(restMs);
    await insertAll(warmUp, warmUp + count, intervalMs);
  } finally {
    await child.stop();
  }
  return [...waits].filter(([mark]) => Number(mark) >= warmUp).map(([, waitMs]) => waitMs);
}
