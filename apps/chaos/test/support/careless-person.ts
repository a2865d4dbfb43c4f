import { setTimeout as sleep } from "node:timers/promises";

import type { Connection } from "../../src/database/connection.ts";

const everyMs = 50;

/**
 * Sends again, until `stop` is aborted, what was on the wire of an instance that was declared dead: as a person does
 * who does not look, or a rescue that forgets that a request may still be on the wire.
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
