import { readQueueText } from "./read-queue.ts";
import { settleAndClaimText } from "./settle-and-claim.ts";

/**
 * The texts of what a daemon sends at every turn, for whoever wants to prepare them: to parse and plan one takes the server
 * as long as a tenth of a turn.
 */
export const frequentStatements: ReadonlySet<string> = new Set([settleAndClaimText, readQueueText]);
