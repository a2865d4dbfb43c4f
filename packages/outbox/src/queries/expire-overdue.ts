import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { fateErrors } from "./fate-errors.ts";
import type { LoggedRow } from "./logged-row.ts";

/**
 * Marks pending rows whose time is over as `expired`, at most `limit` of them. A claim does the same for the rows
 * that it meets; this is for those that nobody claims, because they wait for a retry or their campaign is paused.
 *
 * @returns The rows that were marked.
 */
export async function expireOverdue(
  db: Kysely<OutboxDatabase>,
  limit: number,
): Promise<readonly LoggedRow[]> {
  const { rows } = await sql<LoggedRow>`
    update talkme.outbox
    set status = 'expired', finished_at = now(), error_code = 'expired', error = ${fateErrors.expired}
    where id = any(array(
      select id from talkme.outbox
      where status = 'pending' and claim is null and expires_at <= now()
      order by expires_at
      limit ${limit}
      for update skip locked
    ))
    returning id, account, numero_dest as "numeroDest", attempts
  `.execute(db);
  return rows;
}
