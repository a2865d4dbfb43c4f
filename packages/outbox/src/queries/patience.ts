import { sql, type Kysely, type Transaction } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** How long a statement may take that a trigger of a customer's may hold up. */
export interface Patience {
  /** For each lock that somebody else holds. */
  readonly lockMs: number;
  /** For each statement, whatever it waits for or does. */
  readonly statementMs: number;
}

/** For statements that change many rows: then these are tried in smaller numbers. */
export const usualPatience: Patience = { lockMs: 500, statementMs: 5000 };

/** For what a turn writes beside its rows, which nobody else has reason to lock: all lanes stand still meanwhile. */
export const turnPatience: Patience = { lockMs: 300, statementMs: 5000 };

/**
 * Does `work` in a transaction of its own, in which nothing takes longer than that: the server itself gives up, so that it
 * is known what has happened. Deferred triggers act within it.
 */
export async function patiently<Result>(
  db: Kysely<OutboxDatabase>,
  { lockMs, statementMs }: Patience,
  work: (transaction: Transaction<OutboxDatabase>) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute(async (transaction) => {
    await sql`
      select
        set_config('lock_timeout', ${`${Math.round(lockMs)}ms`}, true),
        set_config('statement_timeout', ${`${Math.round(statementMs)}ms`}, true),
        -- A process that stands still, or a connection that is dead, must not keep a row locked, nor an old snapshot.
        set_config('idle_in_transaction_session_timeout', '10s', true)
    `.execute(transaction);
    const result = await work(transaction);
    await sql`set constraints all immediate`.execute(transaction);
    return result;
  });
}
