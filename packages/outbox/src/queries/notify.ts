import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** Sends an empty notification to whoever listens on a channel of this database. */
export async function notify(db: Kysely<OutboxDatabase>, channel: string): Promise<void> {
  await sql`select pg_notify(${channel}, '')`.execute(db);
}
