import { PgBoss } from "pg-boss";

import { bodyFor } from "../message.ts";
import { pgBossQueue } from "../peers/pg-boss-queue.ts";
import { execute, withClient } from "../stage/postgres.ts";
import type { Contender } from "./contender.ts";
import { startPeer } from "./start-peer.ts";

const batch = 5000;

export const pgBoss: Contender = {
  name: "pg-boss",
  migrate: async (databaseUrl) =>
    withBoss(databaseUrl, async (boss) => {
      await boss.createQueue(pgBossQueue);
    }),
  fill: async (databaseUrl, count) => {
    const data = bodyFor(1);
    await withBoss(databaseUrl, async (boss) => insertJobs(boss, count, () => data));
    await execute(databaseUrl, "vacuum (analyze)");
  },
  start: (work) => startPeer("pg-boss", work, "drain"),
  isDrained: async (databaseUrl) =>
    withClient(databaseUrl, async (client) => {
      const { rows } = await client.query<{ drained: boolean }>(
        "select not exists (select from pgboss.job where name = $1 and state < 'completed') as drained",
        [pgBossQueue],
      );
      return rows[0]?.drained === true;
    }),
};

export async function insertJobs(
  boss: PgBoss,
  count: number,
  dataOf: (index: number) => object,
): Promise<void> {
  for (let from = 0; from < count; from += batch) {
    const jobs = Array.from({ length: Math.min(batch, count - from) }, (_, index) => ({
      data: dataOf(from + index),
    }));
    await boss.insert(pgBossQueue, jobs);
  }
}

/** Runs `work` with an instance that processes nothing. */
export async function withBoss(databaseUrl: string, work: (boss: PgBoss) => Promise<void>): Promise<void> {
  const boss = new PgBoss({ connectionString: databaseUrl, supervise: false, schedule: false });
  boss.on("error", (error) => process.stderr.write(`pg-boss: ${error.message}\n`));
  await boss.start();
  try {
    await work(boss);
  } finally {
    await boss.stop({ graceful: false });
  }
}

/** {@link pgBoss} with its option for a backlog: a worker fetches again at once while its batches are full. */
export const pgBossBurst: Contender = {
  ...pgBoss,
  name: "pg-boss, burst",
  start: (work) => startPeer("pg-boss", work, "burst"),
};
