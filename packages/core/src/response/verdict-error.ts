import type { Action } from "../client/action.ts";
import { AuthenticationError } from "../errors/authentication-error.ts";
import { errorCodes, isErrorCode } from "../errors/error-codes.ts";
import { NotFoundError } from "../errors/not-found-error.ts";
import { NotSentError } from "../errors/not-sent-error.ts";
import { RateLimitedError } from "../errors/rate-limited-error.ts";
import { RejectedError } from "../errors/rejected-error.ts";
import type { TalkmeError, TalkmeErrorDetails } from "../errors/talkme-error.ts";
import { UnknownOutcomeError } from "../errors/unknown-outcome-error.ts";
import type { SuggestedRules } from "./suggest-rules.ts";
import type { Verdict } from "./verdict.ts";

/** The answer's facts for the error. The response must already be redacted. */
export interface AnswerDetails {
  readonly action: Action;
  readonly httpStatus: number;
  readonly response: string;
  readonly retryAfterMs: number | undefined;
  /** Rules that would match, if none did. */
  readonly suggested: SuggestedRules | null;
}

const quotedCharacters = 200;

/**
 * The error for an answer that is not an acceptance. A code of this package determines its class.
 */
export function verdictError(
  verdict: Exclude<Verdict, { outcome: "accepted" }>,
  answer: AnswerDetails,
): TalkmeError {
  const { action, httpStatus, response } = answer;
  const rule = verdict.rule ?? undefined;
  const details = { code: verdict.code, action, httpStatus, response, rule };
  const message = sentence(verdict, answer);
  switch (verdict.outcome) {
    case "not_sent":
      return notSentError(message, details, answer.retryAfterMs);
    case "rejected": {
      const isNotFound = verdict.code === "not_found";
      return isNotFound ? new NotFoundError(message, details) : new RejectedError(message, details);
    }
    case "unknown":
    default:
      return new UnknownOutcomeError(message, details);
  }
}

function notSentError(
  message: string,
  details: TalkmeErrorDetails,
  retryAfterMs: number | undefined,
): NotSentError {
  const { code } = details;
  if (code === "authentication_failed") return new AuthenticationError(message, details);
  if (code === "rate_limited" || code === "service_unavailable")
    return new RateLimitedError(message, { ...details, retryAfterMs });
  return new NotSentError(message, details);
}

function sentence(
  { code, rule }: Verdict & { code: string },
  { httpStatus, response, suggested }: AnswerDetails,
): string {
  const explanation = isErrorCode(code)
    ? `${errorCodes[code].meaning} ${errorCodes[code].remedy}`
    : `The response rule ${JSON.stringify(rule)} applies.`;
  const words = response.trim().replace(/\s+/g, " ");
  const quote = words.length > quotedCharacters ? `${words.slice(0, quotedCharacters)}…` : words;
  const decided = rule === null || !isErrorCode(code) ? "" : `, rule ${JSON.stringify(rule)}`;
  const facts = `(HTTP ${httpStatus}${decided}${quote === "" ? "" : `: ${quote}`})`;
  return suggested === null ? `${explanation} ${facts}` : `${explanation} ${facts} ${advice(suggested)}`;
}

/** JSON is YAML, so it can be copied into a list of rules unchanged. */
function advice({ accepted, rejected }: SuggestedRules): string {
  const { outcome, code } = rejected;
  return (
    `If it is a success, the rule is: - ${JSON.stringify(accepted)} ` +
    `If it is a refusal: the same with "outcome":"${outcome}","code":"${code ?? ""}".`
  );
}
