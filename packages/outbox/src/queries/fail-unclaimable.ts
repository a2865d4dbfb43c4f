import { sql, type Kysely } from "kysely";

import { maskedText } from "../masked-text.ts";
import type { OutboxDatabase } from "../schema.ts";
import type { LoggedRow } from "./logged-row.ts";
import { rowsOwnFault } from "./rows-own-fault.ts";
import type { LaneClaim } from "./settle-and-claim.ts";

/** A row that no claim can take. */
export interface UnclaimableRow extends LoggedRow {
  readonly sqlState: string;
}

/**
 * Looks for the rows that make a claim fail, and marks them `failed`, so that the others of their lane go on. Each row
 * that `wish` would take is claimed on trial, which is taken back.
 *
 * Rows as those come by a way around the checks of the insert (a restored dump, triggers that were disabled), or a
 * trigger or constraint of the customer's own refuses them. One that cannot even be marked is left as it is.
 */
export async function failUnclaimable(
  db: Kysely<OutboxDatabase>,
  wish: LaneClaim,
): Promise<readonly UnclaimableRow[]> {
  const { after } = wish;
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<LoggedRow>`
      select r.id, r.account, r.numero_dest as "numeroDest", r.attempts
      from talkme.outbox as r
      where r.status = 'pending' and r.lane = ${wish.lane} and r.priority = ${wish.priority}
        and r.due_at <= now() and (r.due_at, r.id) > (
          coalesce(timestamptz 'epoch' + ${after?.dueAtUs ?? null}::bigint * interval '1 microsecond', '-infinity'),
          ${after?.id ?? "0"}::bigint
        )
      order by r.due_at, r.id
      limit ${wish.limit}
      for update skip locked
    `.execute(transaction);
    const failed: UnclaimableRow[] = [];
    for (const row of rows) {
      const { id } = row;
      const refused = await refusal(transaction, () => claimOnTrial(transaction, id));
      if (refused === null) continue;
      const marking = await refusal(transaction, () => markFailed(transaction, id, refused.message));
      if (marking === null) failed.push({ ...row, sqlState: refused.sqlState });
    }
    return failed;
  });
}

class TakenBack extends Error {}

async function claimOnTrial(transaction: Kysely<OutboxDatabase>, id: string): Promise<void> {
  await sql`
    update talkme.outbox set
      status = 'sending', attempts = attempts + 1, fence = fence + 1, claimed_by = 'trial', claimed_at = now()
    where id = ${id}
    returning *, (extract(epoch from greatest(due_at, '1900-01-01')) * 1000000)::bigint
  `.execute(transaction);
  throw new TakenBack();
}

async function markFailed(transaction: Kysely<OutboxDatabase>, id: string, message: string): Promise<void> {
  const error = `PostgreSQL refuses to hand out this row: ${message}. Correct the row, or the trigger or constraint that refuses it, and try it again.`;
  await sql`
    update talkme.outbox
    set status = 'failed', finished_at = now(), retry_at = null, error_code = 'row_unclaimable', error = ${error}
    where id = ${id}
  `.execute(transaction);
}

/** Does `work` unless the row refuses it; then nothing has happened, and what PostgreSQL says of it is returned. */
async function refusal(
  transaction: Kysely<OutboxDatabase>,
  work: () => Promise<void>,
): Promise<{ readonly sqlState: string; readonly message: string } | null> {
  await sql`savepoint trial`.execute(transaction);
  try {
    await work();
    return null;
  } catch (error) {
    await sql`rollback to savepoint trial`.execute(transaction);
    if (error instanceof TakenBack) return null;
    const sqlState = rowsOwnFault(error);
    if (sqlState === null || !(error instanceof Error)) throw error;
    // Whoever reads the row has to find what refuses it; names stay in it, as they do in the row.
    return { sqlState, message: maskedText(error.message) };
  }
}
