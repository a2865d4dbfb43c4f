import type { Action } from "../client/action.ts";
import type { Outcome } from "../outcome.ts";
import type { ErrorCode } from "./error-codes.ts";
import type { RuleCode } from "./rule-code.ts";

/** The facts of an error besides its message. */
export interface TalkmeErrorDetails {
  /** Stable code: a key of `errorCodes`, or the code of a user's response rule. */
  readonly code: ErrorCode | RuleCode;
  readonly action?: Action | undefined;
  readonly httpStatus?: number | undefined;
  readonly response?: string | undefined;
  /** Name of the response rule that decided. */
  readonly rule?: string | undefined;
  /** Must already be safe to show: see `safeCause`. */
  readonly cause?: Error | undefined;
}

/**
 * Base of every error that a call throws. Never contains the token: not in the message, the stack, the response or the
 * causes. `response` may contain personal data, because the API may echo it.
 */
export abstract class TalkmeError extends Error {
  /** What is known about the message; see {@link Outcome}. */
  abstract readonly outcome: Exclude<Outcome, "accepted">;
  /**
   * Stable code: a key of `errorCodes`, which says of each what it means and what to do, or the code of a user's response
   * rule. `isErrorCode(error.code)` leaves the former, for a `switch` that is exhaustive without a default.
   */
  readonly code: ErrorCode | RuleCode;
  /** The API's method, once chosen. */
  declare readonly action?: Action;
  /** The answer's status, if an answer began. */
  declare readonly httpStatus?: number;
  /** The answer's body without the token, up to 64 KiB, if there was one. */
  declare readonly response?: string;
  /** Name of the response rule that decided, if one did. */
  declare readonly rule?: string;

  constructor(message: string, details: TalkmeErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    if (details.action !== undefined) this.action = details.action;
    if (details.httpStatus !== undefined) this.httpStatus = details.httpStatus;
    if (details.response !== undefined) this.response = details.response;
    if (details.rule !== undefined) this.rule = details.rule;
  }
}
