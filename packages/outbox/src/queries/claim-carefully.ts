import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import type { LoggedRow } from "./logged-row.ts";
import { patiently, type Patience } from "./patience.ts";
import { confirmClaims } from "./confirm-claims.ts";
import { settleAndClaimUnconfirmed, type TurnOptions } from "./settle-and-claim.ts";
import type { Cursor, LaneClaim, SettleAndClaimResult } from "./turn.ts";
import { isUnconfirmed } from "./unconfirmed-commit-error.ts";

/** The row that a claim of one row would take. */
export interface FrontRow extends LoggedRow, Cursor {
  readonly fence: number;
}

/** The claim is a turn of its own. */
type OwnTurn = Required<Pick<TurnOptions, "epoch" | "turn">>;

/** What became of a claim of one row: it was made, or the row made it fail. */
export type CarefulClaim =
  | { readonly kind: "claimed"; readonly result: SettleAndClaimResult }
  | { readonly kind: "failed"; readonly row: FrontRow; readonly error: unknown };

/**
 * Claims the first row that `claim` would take. Deferred triggers fire within it, so that an error belongs to this row.
 *
 * @throws what the database says if it is not about a row.
 */
export async function claimFront(
  db: Kysely<OutboxDatabase>,
  instance: string,
  claim: LaneClaim,
  turn: OwnTurn,
  patience: Patience,
): Promise<CarefulClaim> {
  const one: LaneClaim = { ...claim, limit: 1, scan: 0 };
  let row: FrontRow | undefined;
  try {
    const result = await patiently(db, { ...patience, awaitsStandby: true }, async (transaction) => {
      row = await lockFront(transaction, one);
      // It is locked now: the claim takes this row and no other.
      return settleAndClaimUnconfirmed(transaction, instance, [], row === undefined ? [] : [one], 1, turn);
    });
    await confirmClaims(db, result);
    return { kind: "claimed", result };
  } catch (error) {
    if (row === undefined || isUnconfirmed(error)) throw error;
    return { kind: "failed", row, error };
  }
}

/** Claims up to `claim.limit` rows, one of which may make it fail. */
export async function claimCarefully(
  db: Kysely<OutboxDatabase>,
  instance: string,
  claim: LaneClaim,
  turn: OwnTurn,
  patience: Patience,
): Promise<SettleAndClaimResult> {
  const result = await patiently(db, { ...patience, awaitsStandby: true }, (transaction) =>
    settleAndClaimUnconfirmed(transaction, instance, [], [claim], claim.limit, turn),
  );
  await confirmClaims(db, result);
  return result;
}

/**
 * Marks a row `failed` that no claim can take, so that the others of its lane go on. Such a row bypassed the checks of the insert
 * (a restored dump, disabled triggers), or a customer's trigger or constraint refuses it.
 *
 * @returns False if it has changed since.
 * @throws what the database says if the row cannot even be marked.
 */
export async function failUnclaimable(
  db: Kysely<OutboxDatabase>,
  row: FrontRow,
  message: string,
  patience: Patience,
): Promise<boolean> {
  const error = `PostgreSQL refuses to hand out this row: ${message}. Correct the row, or the trigger or constraint that refuses it, and try it again.`;
  const { numAffectedRows = 0n } = await patiently(db, patience, (transaction) =>
    sql`
      update talkme.outbox
      set status = 'failed', finished_at = now(), retry_at = null, error_code = 'row_unclaimable', error = ${error}
      where id = ${row.id} and fence = ${row.fence} and status = 'pending'
    `.execute(transaction),
  );
  return numAffectedRows > 0n;
}

async function lockFront(db: Kysely<OutboxDatabase>, wish: LaneClaim): Promise<FrontRow | undefined> {
  const { after } = wish;
  const { rows } = await sql<FrontRow>`
    select
      r.id, r.fence, r.account, r.numero_dest as "numeroDest", r.attempts,
      round(date_part('epoch', greatest(r.due_at, '1900-01-01')) * 1000000)::bigint as "dueAtUs"
    from talkme.outbox as r
    where r.status = 'pending' and r.lane = ${wish.lane} and r.priority = ${wish.priority}
      and r.due_at < now() and (r.due_at, r.id) > (
        coalesce(timestamptz 'epoch' + ${after?.dueAtUs ?? null}::bigint * interval '1 microsecond', '-infinity'),
        ${after?.id ?? "0"}::bigint
      )
      and r.id <> all(${wish.avoid ?? []}::bigint[])
    order by r.due_at, r.id
    limit 1
    for update skip locked
  `.execute(db);
  return rows[0];
}
