import type { Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { patiently, type Patience } from "./patience.ts";
import { settleAndClaimUnconfirmed } from "./settle-and-claim.ts";
import type { SettleAndClaimResult, Settlement } from "./turn.ts";

/** Settles a single row whose trigger may refuse it or take long. */
export async function settleCarefully(
  db: Kysely<OutboxDatabase>,
  instance: string,
  settlement: Settlement,
  patience: Patience,
): Promise<SettleAndClaimResult> {
  return patiently(db, patience, (transaction) =>
    settleAndClaimUnconfirmed(transaction, instance, [settlement], [], 0, { aroundLocks: true }),
  );
}
