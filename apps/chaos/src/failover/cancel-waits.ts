import { setTimeout as sleep } from "node:timers/promises";

import { Connection } from "../database/connection.ts";

const everyMs = 20;

/** Cancels every commit that waits for a standby, for a while, like an impatient person or a pooler's time-out. */
export async function cancelWaits(url: string, ms: number): Promise<void> {
  await using connection = new Connection(url, "impatient");
  const endMs = performance.now() + ms;
  while (performance.now() < endMs) {
    await connection
      .query("select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'")
      .catch(() => "The server is down.");
    await sleep(everyMs);
  }
}
