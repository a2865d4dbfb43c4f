import { claimsConfirmedText } from "./confirm-claims.ts";
import { readQueueText } from "./read-queue.ts";
import { settleAndClaimText } from "./settle-and-claim.ts";

/**
 * The texts that a daemon sends most often, for those who want to prepare them: parsing and planning the call takes a seventh of a
 * turn of one row.
 */
export const frequentStatements: ReadonlySet<string> = new Set([
  settleAndClaimText,
  claimsConfirmedText,
  readQueueText,
]);
