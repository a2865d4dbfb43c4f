import { setTimeout as sleep } from "node:timers/promises";

import type { Outbox, OutboxRow } from "./outbox.ts";

const lookEveryMs = 150;
/** A row that is due is sent long before; one that still waits has a reason. */
const patienceMs = 1500;
/** More changes at once are counted. */
const mostShown = 10;

/** Observes rows that people insert. */
export interface RowsListener {
  changed(row: OutboxRow): void;
  /** It still waits, and the database says why. */
  waits(row: OutboxRow, why: string): void;
  /** So many changed at once that they are not shown one by one. */
  many(rows: readonly OutboxRow[]): void;
}

/** What is known of a row. */
interface Seen {
  readonly state: string;
  readonly sinceMs: number;
  readonly isExplained: boolean;
}

/** Watches all rows after `lastId` until the signal is aborted. @throws what a lost connection makes of a query. */
export async function watchRows(
  outbox: Outbox,
  lastId: string,
  listener: RowsListener,
  signal: AbortSignal,
): Promise<void> {
  const seen = new Map<string, Seen>();
  while (!signal.aborted) {
    const rows = await outbox.rowsAfter(lastId);
    const nowMs = performance.now();
    const changed = rows.filter((row) => seen.get(row.id)?.state !== stateOf(row));
    for (const row of changed) {
      seen.set(row.id, { state: stateOf(row), sinceMs: nowMs, isExplained: false });
    }
    const shown = changed.filter(hasNews);
    if (shown.length > mostShown) listener.many(shown);
    else for (const row of shown) listener.changed(row);

    const waiting = rows.filter((row) => {
      const { sinceMs, isExplained } = seen.get(row.id) ?? { sinceMs: nowMs, isExplained: true };
      return (
        row.status === "pending" && row.retryInMs === null && !isExplained && nowMs - sinceMs > patienceMs
      );
    });
    for (const [index, row] of waiting.entries()) {
      seen.set(row.id, { state: stateOf(row), sinceMs: nowMs, isExplained: true });
      if (index < mostShown) listener.waits(row, await outbox.explain(row.id));
    }
    await sleep(lookEveryMs, undefined, { signal }).catch(() => "stopped");
  }
}

/** The retry's time is a part of it: each one is news. */
function stateOf({ status, attempts, retryInMs }: OutboxRow): string {
  return `${status} ${attempts} ${retryInMs === null ? "" : "retried"}`;
}

/** The daemon will see a new row in a moment, and an answer comes in one. */
function hasNews({ status, retryInMs }: OutboxRow): boolean {
  return status !== "sending" && (status !== "pending" || retryInMs !== null);
}
