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

/**
 * What was not sent, grouped by the reason, the most frequent first.
 *
 * @param language Of the example's sentence: `en` or `pt-BR`.
 */
export async function listFailures(
  db: Kysely<OutboxDatabase>,
  language: string,
): Promise<readonly FailureGroup[]> {
  const { rows } = await sql<FailureGroup>`
    with grouped as (
      select status, error_code, count(*)::double precision as rows, max(id) as last_id
      from talkme.outbox
      where status in ('failed', 'unknown', 'expired', 'cancelled')
      group by status, error_code
    )
    select g.status, g.error_code as "errorCode", g.rows, g.last_id::text as "lastId", talkme.say_error(g.error_code, o.error, ${language}) as example
    from grouped as g join talkme.outbox as o on o.id = g.last_id
    order by g.rows desc, g.status, g.error_code
  `.execute(db);
  return rows;
}
