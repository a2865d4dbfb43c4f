import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import type { Status } from "../status.ts";

/** The rows of one status that ended for the same reason. */
export interface FailureGroup {
  readonly status: Extract<Status, "failed" | "unknown" | "expired" | "cancelled">;
  readonly errorCode: string | null;
  readonly rows: number;
  /** The last row that ended this way, as an example. */
  readonly lastId: string;
  readonly example: string | null;
}

/** What was not sent, grouped by the reason, the most frequent first. */
export async function listFailures(db: Kysely<OutboxDatabase>): Promise<readonly FailureGroup[]> {
  const { rows } = await sql<FailureGroup>`
    with grouped as (
      select status, error_code, count(*)::double precision as rows, max(id) as last_id
      from talkme.outbox
      where status in ('failed', 'unknown', 'expired', 'cancelled')
      group by status, error_code
    )
    select g.status, g.error_code as "errorCode", g.rows, g.last_id::text as "lastId", o.error as example
    from grouped as g join talkme.outbox as o on o.id = g.last_id
    order by g.rows desc, g.status, g.error_code
  `.execute(db);
  return rows;
}
