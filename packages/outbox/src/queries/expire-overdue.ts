import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { fateErrors } from "./fate-errors.ts";
import type { LoggedRow } from "./logged-row.ts";
import { patiently, usualPatience } from "./patience.ts";
import { changeRowByRow, type OnRefused } from "./row-by-row.ts";

/**
 * Marks at most `limit` pending rows past their `expires_at` as `expired`. A claim does the same for the rows that it meets; this
 * is for those that nobody claims, because they wait for a retry or their campaign is paused.
 *
 * @param except Rows that were refused before.
 * @param onRefused Gets the rows that a trigger or constraint keeps as they are; the others are marked.
 * @returns The rows that were marked.
 */
export async function expireOverdue(
  db: Kysely<OutboxDatabase>,
  limit: number,
  except: readonly string[] = [],
  onRefused: OnRefused = () => {},
): Promise<readonly LoggedRow[]> {
  const { rows: overdue } = await sql<{ id: string }>`
    select id from talkme.outbox
    where status = 'pending' and claim is null and expires_at <= now() and id <> all(${except}::bigint[])
    order by expires_at
    limit ${limit}
  `.execute(db);
  return changeRowByRow(
    overdue.map(({ id }) => id),
    (ids) => patiently(db, usualPatience, (transaction) => expire(transaction, ids)),
    onRefused,
  );
}

async function expire(db: Kysely<OutboxDatabase>, ids: readonly string[]): Promise<readonly LoggedRow[]> {
  const { rows } = await sql<LoggedRow>`
    update talkme.outbox
    set status = 'expired', finished_at = now(), error_code = 'expired', error = ${fateErrors.expired}
    where id = any(array(
      select id from talkme.outbox
      where id = any(${ids}::bigint[]) and status = 'pending' and claim is null and expires_at <= now()
      for update skip locked
    ))
    returning id, account, numero_dest as "numeroDest", attempts
  `.execute(db);
  return rows;
}
