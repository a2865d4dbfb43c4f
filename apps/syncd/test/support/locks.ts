import { Client } from "pg";
import { expect, onTestFinished } from "vitest";

import type { Stage } from "./stage.ts";

/** A lock that another transaction holds. */
export interface Lock {
  readonly ids: readonly string[];
  release(): Promise<void>;
}

/** Lets everybody read the outbox and nobody change it. */
export async function lockOutbox(stage: Stage): Promise<Lock> {
  return lockWith(stage, "lock table talkme.outbox in exclusive mode");
}

/** Locks that many of the `sending` rows. */
export async function lockSendingRows(stage: Stage, count: number): Promise<Lock> {
  const lock = await lockWith(
    stage,
    `select id from talkme.outbox where status = 'sending' order by id limit ${count} for update`,
  );
  expect(lock.ids).toHaveLength(count);
  return lock;
}

/**
 * Waits until the statement that settles and claims has waited for a lock for that many milliseconds: a rescue may wait
 * for {@link lockOutbox}, too.
 */
export async function claimWaits(stage: Stage, longerThanMs = 0): Promise<void> {
  const waiting = `
    select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like '%talkme.settle_and_claim%'
      and clock_timestamp() - query_start > ${longerThanMs} * interval '1 millisecond'
  `;
  await expect.poll(() => stage.sql(waiting), { interval: 5 }).toHaveLength(1);
}

/** Keeps what a statement locked until it is released or the test ends. */
export async function lockWith(stage: Stage, statement: string): Promise<Lock> {
  const client = new Client({ connectionString: stage.databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query("begin");
  const { rows } = await client.query<{ id: string }>(statement);
  const release = async (): Promise<void> => {
    await client.query("commit");
  };
  return { ids: rows.map(({ id }) => id), release };
}
