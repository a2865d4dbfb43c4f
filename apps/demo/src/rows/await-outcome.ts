import { setTimeout as sleep } from "node:timers/promises";

import type { Status } from "@talkme/outbox";

import type { Outbox, OutboxRow } from "./outbox.ts";
import type { Sample } from "./sample.ts";

const lookEveryMs = 20;
const deadlineMs = 20_000;

/**
 * Watches a sample's row until it is settled or waits for long.
 *
 * @param onChange Called at each new status or attempt.
 * @throws The signal's reason, or an Error if the row is not settled in time.
 */
export async function awaitOutcome(
  outbox: Outbox,
  { numeroDest, expected }: Sample,
  onChange: (row: OutboxRow) => void,
  signal: AbortSignal,
): Promise<OutboxRow> {
  const startedAtMs = performance.now();
  for (let seen = ""; ;) {
    const row = await outbox.rowTo(numeroDest);
    if (row === null) throw new Error(`The row to ${numeroDest} was inserted but is not in the table.`);
    if (isAtRest(row.status) || row.status === expected.status) return row;
    const state = `${row.status} ${row.attempts}`;
    if (state !== seen) onChange(row);
    seen = state;
    if (performance.now() - startedAtMs > deadlineMs) {
      throw new Error(
        `Row ${row.id} is still ${row.status} after ${deadlineMs / 1000} s: ${row.error ?? "no error"}`,
      );
    }
    await sleep(lookEveryMs);
    signal.throwIfAborted();
  }
}

function isAtRest(status: Status): boolean {
  switch (status) {
    case "pending":
    case "sending":
      return false;
    case "sent":
    case "failed":
    case "unknown":
    case "expired":
    case "cancelled":
      return true;
  }
}
