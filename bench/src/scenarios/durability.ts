import { registerInstance, settleAndClaim, type ClaimedRow, type LaneClaim } from "@talkme/outbox/daemon";
import { createDatabase, type TestDatabase } from "@talkme/test-postgres";

import { fillOutbox } from "../contenders/fill-outbox.ts";
import { insertMessage } from "../contenders/insert-message.ts";
import { syncd } from "../contenders/syncd.ts";
import { withOutbox } from "../contenders/with-outbox.ts";
import { interleave } from "../measure/interleave.ts";
import type { Ratio, Series } from "../measure/ratio.ts";
import { percentile } from "../measure/statistics.ts";
import { infoContato } from "../message.ts";
import type { Bench } from "../stage/bench-stage.ts";
import { startSyncd } from "../stage/node-child.ts";
import { withClient, withDatabase } from "../stage/postgres.ts";
import { startReplicatedPair, type ReplicatedPair } from "../stage/replicated-pair.ts";
import { drainOutbox } from "./drain-outbox.ts";
import type { Scenario } from "./scenario.ts";
import { accepted, laneOfTheBench } from "./turn-of-the-bench.ts";

const instance = "bench";
type Durability = "local" | "standby";

/** The share of the turns that is not counted. */
const warmUpShare = 0.2;

interface Sizes {
  readonly turns: number;
  readonly rows: number;
  readonly inserts: number;
}

interface Result {
  readonly turnsMs: readonly number[];
  readonly perSecond: number;
}

export const durability: Scenario = {
  name: "durability",
  question: "What does a claim cost that waits for a standby, and do producers wait with it?",
  run: async (bench) => {
    const sizes: Sizes = {
      turns: bench.size({ smoke: 20, short: 2000, full: 5000 }),
      rows: bench.size({ smoke: 64, short: 16_000, full: 50_000 }),
      inserts: bench.size({ smoke: 20, short: 2000, full: 5000 }),
    };
    const pair = await startReplicatedPair(bench.settings, bench.programs);
    try {
      const template = await createDatabase(pair.url);
      await syncd.migrate(template.url);
      const due = await createDatabase(pair.url, { template: template.name });
      await fillOutbox(due.url, { count: Math.max(sizes.turns, sizes.rows) });
      const trial = (how: Durability) => async () => measure(bench, pair, due, how, sizes);
      const results = await interleave(
        bench.rounds,
        { standby: trial("standby"), local: trial("local") },
        (name, _, { turnsMs, perSecond }) =>
          bench.log(
            `durability: ${name} p50 ${percentile(turnsMs, 0.5).toFixed(2)} p99 ${percentile(turnsMs, 0.99).toFixed(2)} ms, ${perSecond.toFixed(0)}/s`,
          ),
      );
      const inserts = await measureProducers(bench, pair, template, sizes.inserts);
      return [...ratiosOf(results, sizes), ...insertRatios(inserts, sizes)];
    } finally {
      await pair.remove();
    }
  },
};

function ratiosOf(
  results: Readonly<Record<Durability, readonly Result[]>>,
  { turns, rows }: Sizes,
): readonly Ratio[] {
  const compare = (name: string, how: string, unit: string, valueOf: (result: Result) => number): Ratio => {
    const series = (label: Durability): Series => ({ label, unit, values: results[label].map(valueOf) });
    return { name, how, of: series("standby"), over: series("local"), goal: null };
  };
  const how = `${turns} turns of one row, with the standby on the same machine: TALKME_CLAIM_DURABILITY standby over local`;
  return [
    compare("a claim's turn, p50", how, "ms", ({ turnsMs }) => percentile(turnsMs, 0.5)),
    compare("a claim's turn, p99", how, "ms", ({ turnsMs }) => percentile(turnsMs, 0.99)),
    compare("claims and a standby", `${rows} messages, the same`, "messages/s", ({ perSecond }) => perSecond),
  ];
}

async function measure(
  bench: Bench,
  pair: ReplicatedPair,
  due: TestDatabase,
  how: Durability,
  { turns, rows }: Sizes,
): Promise<Result> {
  const turnsMs = await withDatabase(pair.url, due.name, async ({ url }) => measureTurns(url, how, turns));
  const { perSecond } = await withDatabase(pair.url, due.name, async ({ url }) =>
    drainOutbox(bench, { databaseUrl: url, count: rows, settings: { TALKME_CLAIM_DURABILITY: how } }),
  );
  return { turnsMs, perSecond };
}

/** @returns How long each turn took, in milliseconds: settled the row before, and claimed one. */
async function measureTurns(databaseUrl: string, how: Durability, turns: number): Promise<readonly number[]> {
  return withOutbox(databaseUrl, async (db) => {
    const identity = {
      name: instance,
      version: "0",
      host: "bench",
      pid: 1,
      leaseSeconds: 3600,
      durability: how,
    };
    await registerInstance(db, identity);
    const took: number[] = [];
    let held: readonly ClaimedRow[] = [];
    let after: LaneClaim["after"] = null;
    while (took.length < turns) {
      const wish: LaneClaim = { ...laneOfTheBench, after, limit: 1 };
      const beganMs = performance.now();
      const answers = held.map((row) => accepted(row, instance));
      ({ claimed: held } = await settleAndClaim(db, instance, answers, [wish], 1));
      took.push(performance.now() - beganMs);
      const [last] = held;
      if (last === undefined) throw new Error("Nothing was left to claim.");
      after = { dueAtUs: last.dueAtUs, id: last.id };
    }
    return took.slice(turns * warmUpShare);
  });
}

interface Inserts {
  readonly followed: readonly number[];
  readonly away: readonly number[];
}

/** Producers' inserts while syncd sends nothing: the standby is away. */
async function measureProducers(
  bench: Bench,
  pair: ReplicatedPair,
  template: TestDatabase,
  count: number,
): Promise<Inserts> {
  return withDatabase(pair.url, template.name, async ({ url }) => {
    // The first ones are slower.
    await measureInserts(url, count);
    const followed = await measureInserts(url, count);
    await pair.standby.stop("fast");
    const before = await bench.api.countServed();
    const settings = { TALKME_CLAIM_DURABILITY: "standby" };
    const daemon = startSyncd({
      databaseUrl: url,
      apiUrl: bench.api.url,
      concurrency: bench.concurrency,
      settings,
    });
    try {
      await daemon.ready();
      const away = await measureInserts(url, count);
      const sent = (await bench.api.countServed()) - before;
      if (sent > 0) throw new Error(`${sent} messages were sent while no standby confirmed claims.`);
      return { followed, away };
    } finally {
      await daemon.stop();
      await pair.standby.start();
    }
  });
}

async function measureInserts(databaseUrl: string, count: number): Promise<readonly number[]> {
  return withClient(databaseUrl, async (client) => {
    const took: number[] = [];
    while (took.length < count) {
      const beganMs = performance.now();
      await insertMessage(client, infoContato);
      took.push(performance.now() - beganMs);
    }
    return took.slice(count * warmUpShare);
  });
}

function insertRatios({ followed, away }: Inserts, { inserts }: Sizes): readonly Ratio[] {
  return [0.5, 0.99].map((share) => ({
    name: `inserts without a standby, p${share * 100}`,
    how: `${inserts} inserts with synchronous_commit = local: while the standby is stopped and syncd waits, over while it follows`,
    of: { label: "away", unit: "ms", values: [percentile(away, share)] },
    over: { label: "following", unit: "ms", values: [percentile(followed, share)] },
    goal: null,
  }));
}
