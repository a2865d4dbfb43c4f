import { sql, type Kysely, type Transaction } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { blame } from "./blame.ts";
import { withoutStandby } from "./without-standby.ts";

/** How long a statement may take that a customer's trigger may hold up. */
export interface Patience {
  /** For each lock that somebody else holds. */
  readonly lockMs: number;
  /** For each statement, whatever it waits for or does. */
  readonly statementMs: number;
  /** Whether the commit waits for a synchronous standby where the session says so. Default: it does not, see {@link withoutStandby}. */
  readonly awaitsStandby?: boolean;
}

/** For statements that change many rows: if time runs out, fewer are tried at once. */
export const usualPatience: Patience = { lockMs: 500, statementMs: 5000 };

/** For what a turn writes besides its rows, which nobody else has reason to lock: all lanes stand still during it. */
export const turnPatience: Patience = { lockMs: 300, statementMs: 5000 };

/**
 * Does `work` in a transaction of its own, in which nothing takes longer than that: the server itself gives up, so the outcome is
 * known. Deferred triggers fire within it.
 */
export async function patiently<Result>(
  db: Kysely<OutboxDatabase>,
  { lockMs, statementMs, awaitsStandby = false }: Patience,
  work: (transaction: Transaction<OutboxDatabase>) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute(async (transaction) => {
    await sql`
      select
        set_config('lock_timeout', ${`${Math.round(lockMs)}ms`}, true),
        set_config('statement_timeout', ${`${Math.round(statementMs)}ms`}, true),
        -- A stopped process or a dead connection must not keep a row locked, or an old snapshot open.
        set_config('idle_in_transaction_session_timeout', '10s', true)
        ${awaitsStandby ? sql`` : sql`, ${withoutStandby}`}
    `.execute(transaction);
    const result = await work(transaction);
    await sql`set constraints all immediate`.execute(transaction);
    return result;
  });
}

/** What a turn writes besides its rows; `"locked"` where a lock of somebody else kept it out, and all was rolled back. */
export async function unlessLocked<Result>(
  db: Kysely<OutboxDatabase>,
  work: (transaction: Transaction<OutboxDatabase>) => Promise<Result>,
): Promise<Result | "locked"> {
  try {
    return await patiently(db, turnPatience, work);
  } catch (error) {
    if (blame(error) === "wait") return "locked";
    throw error;
  }
}
