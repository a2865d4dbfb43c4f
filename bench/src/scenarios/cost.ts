import { fillOutbox } from "../contenders/fill-outbox.ts";
import { syncd } from "../contenders/syncd.ts";
import type { Drain } from "../measure/drain.ts";
import { interleave } from "../measure/interleave.ts";
import { withClient } from "../stage/postgres.ts";
import { drainOutbox } from "./drain-outbox.ts";
import { measureUndici } from "./drain.ts";
import type { Scenario } from "./scenario.ts";

interface Cost extends Drain {
  readonly statements: number;
  readonly walBytes: number;
}

export const cost: Scenario = {
  name: "cost",
  question: "What does a message cost the database and the daemon's machine?",
  run: async (bench) => {
    const count = bench.size({ smoke: 300, short: 12_000, full: 50_000 });
    const template = await bench.template(syncd, async (url) => fillOutbox(url, { count }));
    const results = await interleave<"undici" | "syncd", Drain | Cost>(
      bench.rounds,
      {
        undici: async () => measureUndici(bench, count),
        syncd: async () =>
          bench.withCopy(template, async ({ url }) => {
            const before = await readCounters(url);
            const drain = await drainOutbox(bench, { databaseUrl: url, count });
            const after = await readCounters(url);
            return {
              ...drain,
              statements: after.transactions - before.transactions,
              walBytes: after.walBytes - before.walBytes,
            };
          }),
      },
      (name, _, { cpuMicroseconds }) =>
        bench.log(`cost: ${name} ${cpuMicroseconds.toFixed(0)} µs of CPU a message`),
    );
    const costs = results.syncd.filter((each): each is Cost => "statements" in each);
    const how = `${count} rows drained`;
    return [
      {
        name: "statements a message",
        how: `${how}; transactions of the database, the daemon's start and the benchmark's questions included`,
        of: { label: "syncd", unit: "statements", values: costs.map(({ statements }) => statements / count) },
        over: null,
        goal: { kind: "at most", limit: 0.05, aim: null },
      },
      {
        name: "WAL a message",
        how: `${how}; the claim, the settlement and the attempt`,
        of: { label: "syncd", unit: "bytes", values: costs.map(({ walBytes }) => walBytes / count) },
        over: null,
        goal: null,
      },
      {
        name: "daemon CPU a message",
        how: `${how}; processor time of syncd over that of undici alone`,
        of: { label: "syncd", unit: "µs", values: cpuOf(results.syncd) },
        over: { label: "undici alone", unit: "µs", values: cpuOf(results.undici) },
        goal: null,
      },
    ];
  },
};

function cpuOf(drains: readonly Drain[]): readonly number[] {
  return drains.map(({ cpuMicroseconds }) => cpuMicroseconds);
}

async function readCounters(
  url: string,
): Promise<{ readonly transactions: number; readonly walBytes: number }> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ transactions: number; walBytes: number }>(`
      select
        (xact_commit + xact_rollback)::integer as transactions,
        pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::double precision as "walBytes"
      from pg_stat_database where datname = current_database()`);
    const [counters] = rows;
    if (counters === undefined) throw new Error("The database has no counters.");
    return counters;
  });
}
