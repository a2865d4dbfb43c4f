import { setTimeout as sleep } from "node:timers/promises";

import type { Connection } from "../../src/database/connection.ts";

const everyMs = 50;

/**
 * Resends, until `stop` is aborted, rows that a dead instance had on the wire: like a careless person, or a rescue that
 * forgets that their requests may still be under way.
 */
export async function sendAgainWhatWasLost(connection: Connection, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await connection
      .query(
        `update talkme.outbox set status = 'pending', claim = null, claimed_by = null, claimed_at = null
         where status = 'unknown' and error_code = 'instance_lost'`,
      )
      .catch(() => "The database is away.");
    await sleep(everyMs, undefined, { signal: stop }).catch(() => "stopped");
  }
}
