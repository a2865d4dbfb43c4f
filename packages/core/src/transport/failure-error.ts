import type { Action } from "../client/action.ts";
import { errorCodes } from "../errors/error-codes.ts";
import type { ErrorCode } from "../errors/error-codes.ts";
import { NotSentError } from "../errors/not-sent-error.ts";
import type { TalkmeError } from "../errors/talkme-error.ts";
import { UnknownOutcomeError } from "../errors/unknown-outcome-error.ts";

/** The facts of a request without a complete answer. Must already be redacted. */
export interface FailureDetails {
  readonly action: Action;
  readonly cause?: Error | undefined;
  readonly httpStatus?: number | undefined;
  readonly response?: string | undefined;
}

/** The error for a request without a complete answer. */
export function failureError(code: ErrorCode, details: FailureDetails): TalkmeError {
  const { meaning, remedy, outcome } = errorCodes[code];
  const cause = details.cause === undefined ? "" : ` (${details.cause.message})`;
  const message = `${meaning} ${remedy}${cause}`;
  return outcome === "not_sent"
    ? new NotSentError(message, { ...details, code })
    : new UnknownOutcomeError(message, { ...details, code });
}
