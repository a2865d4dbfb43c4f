import type { Action, Outcome } from "@talkme/core";
import { CompiledQuery } from "kysely";

import type { OnUnknown, Status } from "../status.ts";
import { fateErrors, type FateCode } from "./fate-errors.ts";
import { toAnswer, toWish } from "./settle-and-claim-parameters.ts";
import type { StatementRunner } from "./statement-runner.ts";
import { nextTurn } from "./turn-number.ts";

/** What became of a claimed row: written only if the row still belongs to that claim. */
export interface Settlement {
  readonly id: string;
  /** The row's claim: {@link ClaimedRow.claim} of the instance `claimedBy`. The answer of another one is stale. */
  readonly claim: number;
  readonly claimedBy: string;
  /** For `talkme.attempt`. */
  readonly fence: number;
  /** {@link ClaimedRow.seal}: the row becomes `sent` only where its recipient is still the same. */
  readonly seal: number;
  readonly status: Extract<Status, "sent" | "failed" | "pending" | "unknown">;
  /** When `pending`: not tried again before this many milliseconds have passed. */
  readonly retryInMs: number | null;
  /** True where the row is not at fault and the attempt does not count. */
  readonly refundAttempt: boolean;
  readonly httpStatus: number | null;
  readonly reference: string | null;
  readonly response: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  /** The HTTP attempt, for `talkme.attempt`; null where no request was made. */
  readonly attempt: {
    readonly account: string;
    readonly action: Action;
    readonly outcome: Outcome;
    /** How long ago it began: the database's clock turns it into a time. */
    readonly ageMs: number;
    readonly durationMs: number;
  } | null;
}

/** A position in a lane: claims go on behind the row claimed last. */
export interface Cursor {
  /**
   * Microseconds since 1970, as an integer: a Date would lose the last three digits, and so would a floating point number
   * where `extra_float_digits` is 0.
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
  /** The alarms of the account's circuit that the instance knows of: after a newer one nothing is claimed. */
  readonly alarms: number;
  /** A row that tries the account or lane, for which this instance has the permit; see {@link saveCircuit}. */
  readonly trial: boolean;
  /** Whether a sending window or a recipient gap holds for the lane: {@link QueuedLane.guarded}. */
  readonly guarded: boolean;
  /** How many rows more than `limit` are looked at for such as may not be sent now. */
  readonly scan: number;
  /** As the queue was read: {@link QueuedLane.rules}. After a change nothing is claimed. Null: whatever they are. */
  readonly rules: string | null;
  /** Rows that are passed over: their triggers wait for somebody. Default: none. */
  readonly avoid?: readonly string[] | undefined;
}

/** A row that now belongs to this instance. */
export interface ClaimedRow {
  readonly id: string;
  /** The turn in which it was claimed: with the instance's name, and whatever becomes of its row, this claim and no other. */
  readonly claim: number;
  readonly fence: number;
  /** Stands for its recipient. */
  readonly seal: number;
  readonly account: string;
  readonly idCampanha: string | null;
  readonly idWpp: string | null;
  readonly numeroDest: string | null;
  readonly emailDest: string | null;
  /** Whom the database takes the row to be for, which is who may be suppressed: `talkme.recipient_of`. */
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
  /** From claimed to `expires_at`; null where it never expires. */
  readonly expiresInMs: number | null;
  /** What the producer has put into `metadata` under this name: the trace that the row belongs to. */
  readonly traceparent: string | null;
}

/** A row that a claim has met and not sent: it has ended, or its turn comes later. */
export interface PassedRow extends Cursor {
  readonly account: string;
  readonly lane: string;
  readonly priority: number;
  readonly numeroDest: string | null;
  readonly attempts: number;
  readonly code: FateCode;
}

export interface SettleAndClaimResult {
  readonly claimed: readonly ClaimedRow[];
  readonly passed: readonly PassedRow[];
  /** Rows that a trigger keeps from being claimed, or from ending: nothing of them was written, and nothing is sent. */
  readonly keptByTrigger: readonly Omit<PassedRow, "code">[];
  /** Rows of which a trigger has made something else than a claimed row: nothing is sent. */
  readonly rewritten: readonly string[];
  /** Settlements that matched no row: somebody else has decided in the meantime. */
  readonly stale: readonly string[];
  /** Of these, accepted messages of which no row says so: theirs is gone, or somebody has made it pending. */
  readonly gone: readonly string[];
  /** Settlements that a trigger suppresses: nothing was written, and their rows are as they were. */
  readonly suppressedSettlements: readonly string[];
  /** Accepted messages whose row has another recipient by now: nothing was written. */
  readonly changed: readonly string[];
  /** Settlements of rows that somebody else has locked: nothing was written, they have to be settled again. */
  readonly locked: readonly string[];
  /** Accounts whose circuit has changed, or of which something was paused: nothing was claimed for it. */
  readonly held: readonly string[];
  /** False where the instance is no longer registered: it was declared dead, and nothing was claimed. */
  readonly registered: boolean;
  /** True where somebody had locked a row, or a trigger waited, for 20 ms: it was all said again, around locked rows. */
  readonly repeated: boolean;
}

/** Of a row that was not claimed, or is none, most columns are null. */
interface ResultRow extends Omit<ClaimedRow, "claim"> {
  claim: number;
  readonly kind:
    | "claimed"
    | FateCode
    | "kept_by_trigger"
    | "rewritten"
    | "stale"
    | "gone"
    | "suppressed_settlement"
    | "changed"
    | "locked"
    | "held"
    | "unregistered";
}

export interface TurnOptions {
  /** The instance's; once it has begun a later one, the statement claims nothing. Default: 0, the first. */
  readonly epoch?: number;
  /** From {@link nextTurn}, for whoever has to know it if the answer is lost. Default: the next one. */
  readonly turn?: number;
  /** Goes around locked rows at once: for a while after a locked row was met. Takes a little longer. Default: false. */
  readonly aroundLocks?: boolean;
}

/** As text: it is sent hundreds of times a second. */
export const settleAndClaimText = "select * from talkme.settle_and_claim($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const fateErrorsText = JSON.stringify(fateErrors);

/**
 * The hot path: settles what was answered, records the attempts and claims the next rows, in one round trip and one
 * commit. It is a function in the database, which keeps its plans: the migration `0020_hot_path.sql`.
 *
 * - A settlement is fenced: it needs the same claim (`claim`, `claimed_by`) and a row still `sending`, or still
 *   `unknown` from that claim. Otherwise it is returned as stale. It is done when the row that comes back says so, after the
 *   triggers of customers. A row that somebody has locked is waited for no longer than 20 ms: it would hold up all others.
 *   Then everything was rolled back and is said again, around locked rows. For any other lock, of a trigger's, say, half a
 *   second is waited; then everything was rolled back, and the error is 55P03.
 * - A claim is made only by who knows the account's circuit as it is: another instance may have seen it open, or met a
 *   404, since this one looked; only where nothing is paused; and only by who knows the rules of account and campaign.
 *   Otherwise the account is returned as held.
 * - A claim takes rows that nobody has locked, in the order of `due_at, id` behind the cursor. What it meets and must not
 *   send ends or is put off in the same turn. Not more than the limits are ever held.
 * - The same settlement may be sent again, or reach the server twice: it settles once, and records its attempt once.
 * - The commit is durable when the answer comes, also where `synchronous_commit` is off: a crash of the server must not
 *   make a row that was sent pending again.
 * - Rows are written by `id = any(array(...))` because a join became a sequential scan under a generic plan, and the
 *   cursor is a row comparison that the index serves: without it, each claim would walk the dead entries of
 *   everything that was sent while an old snapshot is held.
 *
 * @param slots How many rows may be held once all settlements are written. A row whose settlement is locked is held still,
 *   and takes one of them.
 */
export async function settleAndClaim(
  db: StatementRunner,
  instance: string,
  settlements: readonly Settlement[],
  claims: readonly LaneClaim[],
  slots = claims.reduce((sum, { limit }) => sum + limit, 0),
  { epoch = 0, turn = nextTurn(), aroundLocks = false }: TurnOptions = {},
): Promise<SettleAndClaimResult> {
  const answers = settlements.length > 0 ? JSON.stringify(settlements.map(toAnswer)) : null;
  const wishes = claims.length > 0 ? JSON.stringify(claims.map(toWish)) : null;
  const isGuarded = claims.some(({ guarded }) => guarded);
  const query = (around: boolean): CompiledQuery =>
    CompiledQuery.raw(settleAndClaimText, [
      instance,
      epoch,
      turn,
      answers,
      around,
      wishes,
      slots,
      isGuarded,
      fateErrorsText,
    ]);
  try {
    return sortOut((await db.executeQuery<ResultRow>(query(aroundLocks))).rows, turn, false);
  } catch (error) {
    if (answers === null || aroundLocks || !isLockNotAvailable(error)) throw error;
    return sortOut((await db.executeQuery<ResultRow>(query(true))).rows, turn, true);
  }
}

function sortOut(rows: readonly ResultRow[], turn: number, repeated: boolean): SettleAndClaimResult {
  const claimed: ClaimedRow[] = [];
  const passed: PassedRow[] = [];
  const keptByTrigger: Omit<PassedRow, "code">[] = [];
  const rewritten: string[] = [];
  const stale: string[] = [];
  const gone: string[] = [];
  const suppressedSettlements: string[] = [];
  const changed: string[] = [];
  const locked: string[] = [];
  const held: string[] = [];
  let registered = true;
  for (const row of rows) {
    switch (row.kind) {
      case "unregistered":
        registered = false;
        break;
      case "held":
        held.push(row.account);
        break;
      case "stale":
        stale.push(row.id);
        break;
      case "gone":
        gone.push(row.id);
        break;
      case "suppressed_settlement":
        suppressedSettlements.push(row.id);
        break;
      case "changed":
        changed.push(row.id);
        break;
      case "locked":
        locked.push(row.id);
        break;
      case "claimed":
        row.claim = turn;
        claimed.push(row);
        break;
      case "rewritten":
        rewritten.push(row.id);
        break;
      case "kept_by_trigger":
        keptByTrigger.push(passedRowOf(row));
        break;
      case "claim_unsettled":
      case "expired":
      case "suppressed":
      case "forgotten":
      case "outside_window":
      case "recipient_gap":
        passed.push({ ...passedRowOf(row), code: row.kind });
    }
  }
  return {
    claimed,
    passed,
    keptByTrigger,
    rewritten,
    stale,
    gone,
    suppressedSettlements,
    changed,
    locked,
    held,
    registered,
    repeated,
  };
}

function passedRowOf(row: ResultRow): Omit<PassedRow, "code"> {
  const { id, account, lane, priority, numeroDest, attempts, dueAtUs } = row;
  return { id, account, lane, priority, numeroDest, attempts, dueAtUs };
}

function isLockNotAvailable(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "55P03";
}
