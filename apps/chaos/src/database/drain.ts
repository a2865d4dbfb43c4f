import { setTimeout as sleep } from "node:timers/promises";

import type { Connection } from "./connection.ts";

const drainDeadlineMs = 120_000;
const drainCheckMs = 200;

/** Waits until no row is left to send; after too long, the audit finds the rest. Returns how long it took, in milliseconds. */
export async function drain(connection: Connection, signal: AbortSignal): Promise<number> {
  const startedAtMs = performance.now();
  for (;;) {
    const [left] = await connection.ask<{ rows: number }>(
      "select count(*)::integer as rows from talkme.outbox where status in ('pending', 'sending')",
    );
    const tookMs = performance.now() - startedAtMs;
    if (left?.rows === 0 || tookMs > drainDeadlineMs) return tookMs;
    await sleep(drainCheckMs, undefined, { signal });
  }
}
