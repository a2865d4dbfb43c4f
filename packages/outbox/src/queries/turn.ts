import type { Action, Outcome } from "@talkme/core";

import type { OnUnknown, Status } from "../status.ts";
import type { FateCode } from "./fate-errors.ts";

/** What became of a claimed row: written only if the row still belongs to that claim. */
export interface Settlement {
  readonly id: string;
  /** The row's claim: {@link ClaimedRow.claim} of the instance `claimedBy`. An answer to another claim is stale. */
  readonly claim: number;
  readonly claimedBy: string;
  /** For `talkme.attempt`. */
  readonly fence: number;
  /** {@link ClaimedRow.seal}: the row becomes `sent` only if its recipient is still the same. */
  readonly seal: number;
  readonly status: Extract<Status, "sent" | "failed" | "pending" | "unknown">;
  /** When `pending`: not tried again before this many milliseconds have passed. */
  readonly retryInMs: number | null;
  /** Whether the row is not at fault and the attempt does not count. */
  readonly refundAttempt: boolean;
  readonly httpStatus: number | null;
  readonly reference: string | null;
  readonly response: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  /** {@link RegisteredInstance.era} of its claim. Default: null, the first. */
  readonly era?: string | null | undefined;
  /** The HTTP attempt, for `talkme.attempt`; null if no request was made. */
  readonly attempt: {
    readonly account: string;
    readonly action: Action;
    readonly outcome: Outcome;
    /** How long ago it began: the database's clock turns it into a time. */
    readonly ageMs: number;
    readonly durationMs: number;
  } | null;
}

/** A position in a lane: claims continue after the row claimed last. */
export interface Cursor {
  /**
   * Microseconds since 1970, as an integer: a Date would lose the last three digits, and a floating point number, too, where
   * `extra_float_digits` is 0.
   */
  readonly dueAtUs: string;
  readonly id: string;
}

/** A wish to claim up to `limit` rows of one lane and priority. */
export interface LaneClaim {
  readonly lane: string;
  readonly priority: number;
  readonly after: Cursor | null;
  readonly limit: number;
  readonly account: string;
  /** The alarms of the account's circuit that the instance knows of: a newer one stops the claim. */
  readonly alarms: number;
  /** Whether its row tries the account or lane, for which this instance has the permit; see {@link saveCircuit}. */
  readonly trial: boolean;
  /** Whether a sending window or a recipient gap holds for the lane: {@link QueuedLane.restricted}. */
  readonly restricted: boolean;
  /** How many rows beyond `limit` are looked at, because some may not be sent now. */
  readonly scan: number;
  /** {@link QueuedLane.rules} as the queue was read: after a change nothing is claimed. Null: any rules. */
  readonly rules: string | null;
  /** Rows to pass over, because their triggers wait for somebody. Default: none. */
  readonly avoid?: readonly string[] | undefined;
}

/** A row that now belongs to this instance. */
export interface ClaimedRow {
  readonly id: string;
  /** The turn in which it was claimed: with the instance's name, and whatever becomes of its row, this claim and no other. */
  readonly claim: number;
  readonly fence: number;
  /** Identifies its recipient. */
  readonly seal: number;
  readonly account: string;
  readonly idCampanha: string | null;
  readonly idWpp: string | null;
  readonly numeroDest: string | null;
  readonly emailDest: string | null;
  /** The recipient as the database reads it, which is what a suppression matches: `talkme.recipient_of`. */
  readonly recipient: string | null;
  readonly txtmsg: string | null;
  readonly assunto: string | null;
  readonly infoContato: Readonly<Record<string, string>> | null;
  readonly attempts: number;
  readonly maxAttempts: number | null;
  readonly onUnknown: OnUnknown | null;
  readonly lane: string;
  readonly priority: number;
  readonly dueAtUs: string;
  /** From due to claimed, by the database's clock. */
  readonly waitedMs: number;
  /** From claimed to `expires_at`; null if it never expires. */
  readonly expiresInMs: number | null;
  /** What the producer put into `metadata` under this name: the trace that the row belongs to. */
  readonly traceparent: string | null;
}

/** A row that a claim met and did not send: it has ended, or its turn comes later. */
export interface PassedRow extends Cursor {
  readonly account: string;
  readonly lane: string;
  readonly priority: number;
  readonly numeroDest: string | null;
  readonly attempts: number;
  readonly code: FateCode;
}

/**
 * Something of `talkme.history` that keeps an instance from claiming.
 *
 * - `history_changed`: the server was restarted, or is another one; or the instance has not entered the era. `checkHistory` says.
 * - `local_refused`: a standby confirms every claim, and this instance does not wait for one.
 */
export type ClaimStop = "history_changed" | "local_refused";

export interface SettleAndClaimResult {
  readonly claimed: readonly ClaimedRow[];
  readonly passed: readonly PassedRow[];
  /** Rows that a trigger keeps from being claimed or from ending: nothing of them was written or is sent. */
  readonly keptByTrigger: readonly Omit<PassedRow, "code">[];
  /** Rows that a trigger turned into something other than a claimed row: nothing is sent. */
  readonly rewritten: readonly Omit<PassedRow, "code">[];
  /** Settlements that matched no row: somebody else has decided already. */
  readonly stale: readonly string[];
  /** Of these, accepted messages that no row shows: theirs is gone, or somebody has made it pending. */
  readonly gone: readonly string[];
  /** Settlements that a trigger suppresses: nothing was written, and their rows are unchanged. */
  readonly suppressedSettlements: readonly string[];
  /** Accepted messages whose row has another recipient since: nothing was written. */
  readonly changed: readonly string[];
  /** Settlements of rows that somebody else has locked: nothing was written, and they have to be settled again. */
  readonly locked: readonly string[];
  /** Provably unsent rows that are `unknown` now: in a part of the history that was lost they may have been sent after that. */
  readonly doubted: readonly string[];
  /** Accounts for which a claim was not honoured, because their circuit has changed or something is paused: nothing was claimed. */
  readonly refusedAccounts: readonly string[];
  /** False if the instance is no longer registered: it was declared dead, and nothing was claimed. */
  readonly registered: boolean;
  /** Why nothing was claimed in whatever lane: see {@link ClaimStop}. Null: nothing is in the way. */
  readonly stop: ClaimStop | null;
  /** Whether its claims are to wait for a standby and none is named: nothing was claimed. */
  readonly standbyMissing: boolean;
  /** Since when they have to be confirmed, in microseconds of the database's clock: {@link confirmClaims}. Null: not at all. */
  readonly confirmSinceUs: string | null;
  /** Whether the turn was repeated around locked rows, because one was locked, or a trigger waited, for 20 ms. */
  readonly repeated: boolean;
}
