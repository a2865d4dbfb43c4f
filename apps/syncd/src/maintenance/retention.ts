import { setTimeout as sleep } from "node:timers/promises";

import { applyRetention } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Database } from "../database/database.ts";
import type { Metrics } from "../metrics/metrics.ts";

const rowsAtOnce = 1000;
const leastPauseMs = 50;
/** Keeps a second instance or a restart from repeating the round. */
const restHours = 12;

/**
 * Blanks and deletes rows past their retention, in small batches, until none is left. Rests after each batch for as long
 * as it took, so that it uses at most half of a connection's time.
 *
 * Retries a failed batch with a tenth of the rows, because a slow server may finish ten within the deadline.
 */
export async function makeRetentionRound(
  { database, metrics, log }: { database: Database; metrics: Metrics; log: Logger },
  stop: AbortSignal,
): Promise<void> {
  const done = { blanked: 0, deleted: 0, partitions: 0, refused: 0 };
  const startedAtMs = performance.now();
  let batchSize = rowsAtOnce;
  try {
    for (let more = true; more && !stop.aborted;) {
      const batchAtMs = performance.now();
      try {
        const batch = await applyRetention(database.kysely, batchSize, restHours);
        metrics.retentionRows.inc({ action: "blanked" }, batch.blanked);
        metrics.retentionRows.inc({ action: "deleted" }, batch.deleted);
        metrics.retentionRows.inc({ action: "refused" }, batch.refused);
        done.blanked += batch.blanked;
        done.deleted += batch.deleted;
        done.partitions += batch.partitions;
        done.refused += batch.refused;
        if (batch.refused > 0) log.warn({ refused: batch.refused, did: batch.did }, "rows cannot be removed");
        more = batch.more;
      } catch (error) {
        if (stop.aborted || batchSize <= 10) throw error;
        metrics.databaseErrors.inc();
        batchSize /= 10;
      }
      const pauseMs = Math.max(leastPauseMs, performance.now() - batchAtMs);
      if (more) await sleep(pauseMs, undefined, { signal: stop }).catch(() => "stopped");
    }
  } finally {
    if (Object.values(done).some((count) => count > 0)) {
      const seconds = Math.round((performance.now() - startedAtMs) / 1000);
      log.info({ ...done, seconds }, "removed rows past their retention");
    }
  }
}
