import { errors } from "undici";

import type { ErrorCode } from "../errors/error-codes.ts";
import { AnswerOutOfStepError } from "./answer-out-of-step-error.ts";
import { connectFailure } from "./connect-failure.ts";
import type { ExchangeResult } from "./exchange-result.ts";

type FailedExchange = Extract<ExchangeResult, { kind: "failed" }>;

/**
 * The code of a request without a complete answer. The outcome follows from it: `unknown` unless nothing was provably
 * written.
 */
export function failureCode(failed: FailedExchange): ErrorCode {
  if (failed.evidence === "not_written") return codeBeforeWrite(failed);
  // A failed connection is proof in itself, whatever the dispatcher.
  const neverConnected =
    failed.evidence === "unproven" && failed.reason === "error" ? connectFailure(failed.error) : undefined;
  return neverConnected ?? codeAfterWrite(failed);
}

function codeBeforeWrite({ reason, error }: FailedExchange): ErrorCode {
  if (reason !== "error") return `${reason}_before_send`;
  return connectFailure(error) ?? otherCodesBeforeWrite[errorCode(error) ?? ""] ?? "connection_failed";
}

const otherCodesBeforeWrite: Partial<Record<string, ErrorCode>> = {
  UND_ERR_CLOSED: "client_closed",
  UND_ERR_DESTROYED: "client_closed",
  UND_ERR_SOCKET: "connection_lost_before_send",
  ECONNRESET: "connection_lost_before_send",
  EPIPE: "connection_lost_before_send",
  UND_ERR_INVALID_ARG: "dispatch_failed",
  UND_ERR_NOT_SUPPORTED: "dispatch_failed",
};

function codeAfterWrite({ reason, error, partial }: FailedExchange): ErrorCode {
  if (reason !== "error") return reason;
  if (error instanceof AnswerOutOfStepError) return "answer_out_of_step";
  if (partial !== undefined) return "response_incomplete";
  const isMalformed =
    error instanceof errors.HTTPParserError || errorCode(error) === "UND_ERR_HEADERS_OVERFLOW";
  return isMalformed ? "response_malformed" : "connection_lost";
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
