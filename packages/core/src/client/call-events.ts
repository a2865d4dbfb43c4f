import type { ErrorCode } from "../errors/error-codes.ts";
import type { RuleCode } from "../errors/rule-code.ts";
import type { Outcome } from "../outcome.ts";
import type { Action } from "./action.ts";

/** A request that is about to be made. Holds neither token nor account, nor anything of the message. */
export interface RequestEvent {
  readonly action: Action;
  readonly method: "GET" | "POST";
  /** Without the query, which holds account, token and, in method 1, the message. */
  readonly url: string;
}

/** How a request ended, with an answer or without. Holds nothing of the message and of the answer's text. */
export interface ResponseEvent extends RequestEvent {
  readonly outcome: Outcome;
  /** Null if it was accepted. */
  readonly code: ErrorCode | RuleCode | null;
  /** Null without an answer. */
  readonly httpStatus: number | null;
  /** Name of the response rule that decided; null if none did. */
  readonly rule: string | null;
  /** From the call to the end of the answer, the wait for a connection included. */
  readonly durationMs: number;
}

/**
 * Where a client writes what it does. `console` is one, and so are pino and winston: the text says everything, and the
 * event comes along for those that keep fields.
 */
export interface Logger {
  debug(text: string, event: RequestEvent | ResponseEvent): void;
  warn(text: string, event: RequestEvent | ResponseEvent): void;
}
