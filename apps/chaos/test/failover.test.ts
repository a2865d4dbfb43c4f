import { setTimeout as sleep } from "node:timers/promises";

import { StreamingCluster } from "@talkme/test-cluster";
import { expect, test } from "vitest";

import { anySeed } from "../src/arguments.ts";
import { drain } from "../src/database/drain.ts";
import { buildFailoverReport } from "../src/failover/build-failover-report.ts";
import { produceConfirmed } from "../src/failover/confirmed-producer.ts";
import type { FailoverReport } from "../src/failover/failover-report.ts";
import { FailoverStage, type Durability, type FailingServers } from "../src/failover/failover-stage.ts";
import { SeededRandom } from "../src/random/seeded-random.ts";

const timeout = 120_000;
const seed = Number(process.env["CHAOS_SEED"] ?? anySeed());
const instances = 2;
const delayMs = 1000;
const signal = new AbortController().signal;

/** Everybody comes through the address that leads to the primary. */
function behindItsAddress({ url }: StreamingCluster): FailingServers {
  return {
    leaderUrl: async () => url,
    urls: [url],
    settingsFor: async (database, login) => {
      const own = new URL(url);
      Object.assign(own, { username: login, password: login, pathname: `/${database}` });
      return { TALKME_DATABASE_URL: own.href };
    },
  };
}

async function accepts(stage: FailoverStage, more: number): Promise<void> {
  const enough = stage.simulator.ledger.size + more;
  await expect.poll(() => stage.simulator.ledger.size, { timeout: 60_000 }).toBeGreaterThan(enough);
}

/** Producers insert and instances send while the primary is lost, and after it; then the audit. */
async function failOverWhileSending(
  durability: Durability,
  cluster: StreamingCluster,
  lose: (stage: FailoverStage) => Promise<void>,
): Promise<FailoverReport> {
  const servers = behindItsAddress(cluster);
  await using stage = await FailoverStage.open({ servers, durability, seed, instances });
  const stop = new AbortController();
  const random = new SeededRandom(seed);
  const producing = [0, 1].map((index) =>
    produceConfirmed(stage.producerParts(random.fork(String(index))), stop.signal),
  );
  try {
    await accepts(stage, 100);
    await lose(stage);
    await accepts(stage, 100);
  } finally {
    stop.abort();
    await Promise.all(producing);
  }
  const drainMs = await drain(stage.connection, signal);
  await stage.fleet.close();
  const run = { seed, seconds: 0, instances, durability, entrance: "hosts", drainMs } as const;
  // Before the stage is disposed of.
  return await buildFailoverReport(run, stage, { done: [] });
}

test(
  `with claims that a standby confirms, a failover needs nobody, sends nothing twice and loses nothing that was confirmed (CHAOS_SEED=${seed})`,
  { timeout },
  async () => {
    await using cluster = await StreamingCluster.start({
      synchronous_standby_names: "ANY 1 (standby1, standby2)",
    });
    const report = await failOverWhileSending("standby", cluster, () => cluster.failOver());

    expect(report.violations).toEqual([]);
    expect(report).toMatchObject({ twice: 0, acceptedAndLost: 0, acknowledgedByItself: 1 });
    expect(report.held.acknowledged).toBe(0);
    expect(report.producers.confirmed).toBeGreaterThan(100);
  },
);

test(
  `with local claims a failover to a standby that is behind sends nothing until a person acknowledges it, and nothing twice of what she was shown (CHAOS_SEED=${seed})`,
  { timeout },
  async () => {
    await using cluster = await StreamingCluster.start();
    const report = await failOverWhileSending("local", cluster, async (stage) => {
      cluster.delayReplication(delayMs);
      await sleep(delayMs);
      // What this instance knows of its last claims dies with the primary.
      await stage.fleet.slot(0).kill(0);
      await cluster.failOver();
    });

    expect(report.violations).toEqual([]);
    expect(report).toMatchObject({ twice: 0, acknowledgedByItself: 0 });
    expect(report.held.acknowledged).toBe(1);
    expect(report.held.spared).toBeGreaterThan(0);
  },
);
