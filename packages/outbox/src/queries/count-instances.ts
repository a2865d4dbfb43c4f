import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** How many instances are registered, by whether they gave a sign of life within their lease. */
export interface InstanceCounts {
  readonly alive: number;
  readonly silent: number;
}

/** Counts the registered instances, by the clock of the database. */
export async function countInstances(db: Kysely<OutboxDatabase>): Promise<InstanceCounts> {
  const { rows } = await sql<InstanceCounts>`
    select
      count(*) filter (where heartbeat_at >= now() - lease_seconds * interval '1 second')::integer as alive,
      count(*) filter (where heartbeat_at < now() - lease_seconds * interval '1 second')::integer as silent
    from talkme.instance
  `.execute(db);
  return rows[0] ?? { alive: 0, silent: 0 };
}
