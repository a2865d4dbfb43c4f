import { readQueueText } from "./read-queue.ts";
import { settleAndClaimText } from "./settle-and-claim.ts";

/**
 * The texts of what a daemon sends most often, for whoever wants to prepare them: to parse and plan the call takes a seventh
 * of a turn of one row.
 */
export const frequentStatements: ReadonlySet<string> = new Set([settleAndClaimText, readQueueText]);
