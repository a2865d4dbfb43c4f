import { CompiledQuery } from "kysely";

import { confirmClaims } from "./confirm-claims.ts";
import { fateErrors, type FateCode } from "./fate-errors.ts";
import { toAnswer, toWish } from "./settle-and-claim-parameters.ts";
import type { StatementRunner } from "./statement-runner.ts";
import { nextTurn } from "./turn-number.ts";
import type {
  ClaimedRow,
  ClaimStop,
  LaneClaim,
  PassedRow,
  SettleAndClaimResult,
  Settlement,
} from "./turn.ts";

/** Most columns are null for a row that was not claimed, or is none. */
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
    | "history_open"
    | "history_lost"
    | "refused_account"
    | "unregistered"
    | ClaimStop
    | "to_confirm"
    | "no_standby";
}

export interface TurnOptions {
  /** The instance's epoch; once a later one has begun, the statement claims nothing. Default: 0, the first. */
  readonly epoch?: number;
  /** From {@link nextTurn}, for callers that have to know it if the answer is lost. Default: the next one. */
  readonly turn?: number;
  /** Goes around locked rows at once: for a while after one was met. Takes a little longer. Default: false. */
  readonly aroundLocks?: boolean;
}

/** As text: it is sent hundreds of times a second. */
export const settleAndClaimText = "select * from talkme.settle_and_claim($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const fateErrorsText = JSON.stringify(fateErrors);

/**
 * The hot path: settles answers, records their attempts and claims the next rows, in one round trip and one commit. It is a
 * function in the database, which keeps its plans: `sql/turn/settle-and-claim.sql`.
 *
 * - A settlement is fenced: it needs the same claim (`claim`, `claimed_by`) and a row that is still `sending`, or still `unknown`
 *   from that claim; otherwise it is returned as stale. It is done when the returned row says so, after the customers' triggers.
 *   It waits no longer than 20 ms for a locked row, which would hold up all others: then it rolls everything back and repeats it
 *   around locked rows. It waits half a second for any other lock, such as a trigger's: then it rolls everything back and fails
 *   with 55P03.
 * - A claim needs the account's circuit as it is now (another instance may have opened it, or met a 404, since this one looked), no
 *   pause, and the current rules of account and campaign. Otherwise the account is returned as refused.
 * - A claim takes rows that nobody has locked, in the order of `due_at, id` after the cursor. What it meets and must not send
 *   ends or is put off in the same turn. It never holds more rows than the limits.
 * - The same settlement may be sent again, or reach the server twice: it settles once, and records its attempt once.
 *   An acceptance is recorded even if its row cannot say so yet: leave the attempt out when it is sent again.
 * - The commit is durable when the answer comes, even if `synchronous_commit` is off: a crash of the server must not make a sent
 *   row pending again. Where the instance's `durability` is `standby`, a claim is on a synchronous standby, too; otherwise it fails
 *   with {@link UnconfirmedCommitError}, although it is committed. Without a named standby nothing is claimed.
 * - Rows are written by `id = any(array(...))` because a join became a sequential scan under a generic plan. The cursor is a row
 *   comparison that the index serves: without it, each claim would walk the dead entries of everything that was sent while an old
 *   snapshot is kept open.
 *
 * @param slots How many rows may be held once all settlements are written. A row whose settlement is locked is still held, and
 *   takes one of them.
 */
export async function settleAndClaim(
  ...turn: Parameters<typeof settleAndClaimUnconfirmed>
): Promise<SettleAndClaimResult> {
  const result = await settleAndClaimUnconfirmed(...turn);
  await confirmClaims(turn[0], result);
  return result;
}

/** As {@link settleAndClaim}, for a transaction of the caller's, who calls {@link confirmClaims} after its commit. */
export async function settleAndClaimUnconfirmed(
  db: StatementRunner,
  instance: string,
  settlements: readonly Settlement[],
  claims: readonly LaneClaim[],
  slots = claims.reduce((sum, { limit }) => sum + limit, 0),
  { epoch = 0, turn = nextTurn(), aroundLocks = false }: TurnOptions = {},
): Promise<SettleAndClaimResult> {
  const answers = settlements.length > 0 ? JSON.stringify(settlements.map(toAnswer)) : null;
  const wishes = claims.length > 0 ? JSON.stringify(claims.map(toWish)) : null;
  const isRestricted = claims.some(({ restricted }) => restricted);
  const query = (around: boolean): CompiledQuery =>
    CompiledQuery.raw(settleAndClaimText, [
      instance,
      epoch,
      turn,
      answers,
      around,
      wishes,
      slots,
      isRestricted,
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
  const rewritten: Omit<PassedRow, "code">[] = [];
  const stale: string[] = [];
  const gone: string[] = [];
  const suppressedSettlements: string[] = [];
  const changed: string[] = [];
  const locked: string[] = [];
  const doubted: string[] = [];
  const refusedAccounts: string[] = [];
  let registered = true;
  let stop: ClaimStop | null = null;
  let standbyMissing = false;
  let confirmSinceUs: string | null = null;
  for (const row of rows) {
    switch (row.kind) {
      case "unregistered":
        registered = false;
        break;
      case "no_standby":
        standbyMissing = true;
        break;
      case "to_confirm":
        confirmSinceUs = row.dueAtUs;
        break;
      case "refused_account":
        refusedAccounts.push(row.account);
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
      case "history_open":
        // Asks for the comparison that decides about it.
        stop ??= "history_changed";
        locked.push(row.id);
        break;
      case "locked":
        locked.push(row.id);
        break;
      case "history_lost":
        doubted.push(row.id);
        break;
      case "history_changed":
      case "local_refused":
        stop = row.kind;
        break;
      case "claimed":
        row.claim = turn;
        claimed.push(row);
        break;
      case "rewritten":
        rewritten.push(passedRowOf(row));
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
    doubted,
    refusedAccounts,
    registered,
    stop,
    standbyMissing,
    confirmSinceUs,
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
