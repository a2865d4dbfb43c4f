import { DatabaseError } from "pg";

import { awaitOutcome } from "./await-outcome.ts";
import type { Outbox, OutboxRow } from "./outbox.ts";
import type { RefusedInsert, Sample } from "./sample.ts";

/** Observes a sample. */
export interface SampleListener {
  /** It is not settled yet. */
  underWay(row: OutboxRow): void;
  atRest(row: OutboxRow): void;
}

/** Observes PostgreSQL's answer to a refused insert. */
export interface RefusalListener {
  refused(error: DatabaseError): void;
  /** It inserted nothing, and says so. */
  skipped(): void;
}

/** Inserts a sample's row and watches it until it is settled. @throws The signal's reason. */
export async function insertSample(
  outbox: Outbox,
  sample: Sample,
  listener: SampleListener,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  await outbox.insert(sample.sql);
  listener.atRest(await awaitOutcome(outbox, sample, (row) => listener.underWay(row), signal));
}

/** @returns A sentence if PostgreSQL's answer differs from the expected one. */
export async function insertRefused(
  outbox: Outbox,
  { title, sql, expected }: RefusedInsert,
  listener: RefusalListener,
): Promise<readonly string[]> {
  try {
    const inserted = await outbox.insert(sql);
    if (inserted === 0) listener.skipped();
    return inserted === 0 && expected.kind === "skipped" ? [] : [`${title}: it inserted ${inserted} rows`];
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    listener.refused(error);
    return expected.kind === "error" && error.constraint === expected.constraint
      ? []
      : [`${title}: PostgreSQL answered ${error.constraint ?? error.message}`];
  }
}
