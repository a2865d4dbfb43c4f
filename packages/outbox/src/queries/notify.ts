import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/**
 * Sends an empty notification to whoever listens on a channel of this database, as an insert does.
 *
 * @returns False if none was sent, because the server's notification queue is half full: inserts send none then, either.
 */
export async function notify(db: Kysely<OutboxDatabase>, channel: string): Promise<boolean> {
  const { rows } = await sql<{ sent: boolean }>`select talkme.notify_daemon(${channel}) as sent`.execute(db);
  return rows[0]?.sent ?? false;
}
