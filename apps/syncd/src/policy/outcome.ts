import {
  AuthenticationError,
  InvalidMessageError,
  NotFoundError,
  RateLimitedError,
  type Accepted,
  type Action,
  type Outcome,
  type TalkmeError,
} from "@talkme/core";
import type { OnUnknown } from "@talkme/outbox";
import type { ClaimedRow, Settlement } from "@talkme/outbox/daemon";

import { backoffMs, type BackoffPolicy } from "./backoff.ts";
import type { CircuitSignal } from "./circuit.ts";
import { storableText } from "../text/storable-text.ts";

/** The result of handing a row to the client. */
export type SendResult =
  | { readonly kind: "accepted"; readonly answer: Accepted }
  | { readonly kind: "error"; readonly error: TalkmeError }
  /** A defect of syncd, before or after the request: the client throws only TalkmeError. */
  | { readonly kind: "defect"; readonly error: unknown };

export interface OutcomePolicy {
  readonly maxAttempts: number;
  readonly onUnknown: OnUnknown;
  readonly backoff: BackoffPolicy;
}

/** The decision about a row, without the times of its attempt. */
export interface Decision {
  readonly settlement: Omit<Settlement, "id" | "claim" | "fence" | "seal" | "claimedBy" | "attempt">;
  /** For the attempt's record; null where no request was made. */
  readonly request: { readonly action: Action; readonly outcome: Outcome } | null;
  /** What the result says about the account. */
  readonly signal: CircuitSignal;
  /** The wait of the answer's `Retry-After`. */
  readonly retryAfterMs: number | null;
}

/** Codes that say nothing against the row; its attempt is refunded. */
const blamelessCodes: ReadonlySet<string> = new Set(["aborted_before_send", "client_closed"]);

/**
 * Decides what becomes of a row. Retries only what was provably not sent; what may have been sent becomes `unknown`, unless
 * the row or the daemon says `resend`.
 */
export function decide(
  row: Pick<ClaimedRow, "attempts" | "maxAttempts" | "onUnknown">,
  result: SendResult,
  policy: OutcomePolicy,
  random: () => number,
): Decision {
  switch (result.kind) {
    case "accepted": {
      const { httpStatus, reference, response } = result.answer;
      return {
        settlement: {
          status: "sent",
          retryInMs: null,
          refundAttempt: false,
          httpStatus,
          reference: reference === null ? null : storableText(reference),
          response: storableText(response),
          errorCode: null,
          error: null,
        },
        request: { action: result.answer.action, outcome: "accepted" },
        signal: "success",
        retryAfterMs: null,
      };
    }
    case "defect":
      return {
        settlement: {
          status: "unknown",
          retryInMs: null,
          refundAttempt: false,
          httpStatus: null,
          reference: null,
          response: null,
          errorCode: "internal_error",
          error: "A defect of syncd interrupted this row; it may have been sent. See the log.",
        },
        request: null,
        signal: "none",
        retryAfterMs: null,
      };
    case "error":
      return decideError(row, result.error, policy, random);
  }
}

function decideError(
  row: Pick<ClaimedRow, "attempts" | "maxAttempts" | "onUnknown">,
  error: TalkmeError,
  policy: OutcomePolicy,
  random: () => number,
): Decision {
  const facts = {
    httpStatus: error.httpStatus ?? null,
    reference: null,
    response: error.response === undefined ? null : storableText(error.response),
    errorCode: error.code,
    error: storableText(`${inWordsOfTheTable(error.message)}${whereRulesAre(error)}`),
  };
  const retryAfterMs = error instanceof RateLimitedError ? (error.retryAfterMs ?? null) : null;
  const retry = {
    status: "pending",
    retryInMs: backoffMs(policy.backoff, row.attempts, retryAfterMs ?? 0, random),
  } as const;
  const exhausted = row.attempts >= (row.maxAttempts ?? policy.maxAttempts);

  const common = { request: requestOf(error), retryAfterMs };
  switch (error.outcome) {
    case "rejected": {
      const requested = !(error instanceof InvalidMessageError);
      return {
        ...common,
        settlement: { ...facts, status: "failed", retryInMs: null, refundAttempt: !requested },
        signal: rejectionSignal(error),
      };
    }
    case "not_sent": {
      const signal = notSentSignal(error);
      if (signal !== "trouble") {
        return { ...common, settlement: { ...facts, ...retry, refundAttempt: true }, signal };
      }
      if (exhausted) {
        const message = `Gave up after ${row.attempts} attempts. ${facts.error}`;
        const settlement = {
          ...facts,
          error: message,
          status: "failed",
          retryInMs: null,
          refundAttempt: false,
        } as const;
        return { ...common, settlement, signal };
      }
      return { ...common, settlement: { ...facts, ...retry, refundAttempt: false }, signal };
    }
    case "unknown": {
      const resend = (row.onUnknown ?? policy.onUnknown) === "resend" && !exhausted;
      return {
        ...common,
        settlement: {
          ...facts,
          ...(resend ? retry : ({ status: "unknown", retryInMs: null } as const)),
          refundAttempt: false,
        },
        signal: error.code === "response_unrecognized" ? "unrecognized" : "unknown",
      };
    }
  }
}

/** Null if no request was made: the client refused the message, or had not chosen a method yet. */
function requestOf(error: TalkmeError): Decision["request"] {
  if (error instanceof InvalidMessageError || error.action === undefined) return null;
  return { action: error.action, outcome: error.outcome };
}

/** A rejection shows that the API works, except a 404: the third in a row locks the token. */
function rejectionSignal(error: TalkmeError): CircuitSignal {
  if (error instanceof InvalidMessageError) return "none";
  return error instanceof NotFoundError ? "not_found" : "success";
}

/** The client suggests a rule; only the daemon knows where rules are configured. */
function whereRulesAre(error: TalkmeError): string {
  return error.code === "response_unrecognized"
    ? " Rules are under response_rules in the file of TALKME_CONFIG; syncd try sends one message and shows them."
    : "";
}

/** Names in the client's errors, and what readers of the table call them. */
const wordsOfTheTable: ReadonlyMap<string, string> = new Map(
  Object.entries({
    numeroDest: "numero_dest",
    emailDest: "email_dest",
    idCampanha: "id_campanha",
    idWpp: "id_wpp",
    infoContato: "info_contato",
    idCliente: "TALKME_ID_CLIENTE",
    baseUrl: "TALKME_BASE_URL",
    proxyUrl: "TALKME_PROXY_URL",
    timeoutMs: "TALKME_REQUEST_TIMEOUT_MS",
    retryAfterMs: "the answer's Retry-After",
    phoneFormat: "phone_format",
  }),
);

function inWordsOfTheTable(message: string): string {
  return message.replaceAll(/\b[a-z]+[A-Z]\w*/g, (word) => wordsOfTheTable.get(word) ?? word);
}

/** Only `trouble` costs the row an attempt. */
function notSentSignal(error: TalkmeError): CircuitSignal {
  // Each try with a wrong password may lock the proxy's user: as with a token, wait for a person.
  if (error instanceof AuthenticationError || error.code === "proxy_authentication_failed")
    return "authentication";
  if (error.code === "rate_limited") return "throttled";
  return blamelessCodes.has(error.code) ? "none" : "trouble";
}
