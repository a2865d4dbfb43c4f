import type { Accepted } from "./accepted.ts";
import type { Action } from "./action.ts";
import type { ValidOptions } from "./parse-options.ts";
import { undisturbed } from "./undisturbed.ts";
import type { CallOptions } from "./call-options.ts";
import type { ErrorCode } from "../errors/error-codes.ts";
import type { TalkmeError } from "../errors/talkme-error.ts";
import type { ValidMessage } from "../message/message.ts";
import { createRedactor } from "../redaction/redact.ts";
import type { Redactor } from "../redaction/redact.ts";
import { safeCause } from "../redaction/safe-cause.ts";
import { defaultResponseRules } from "../response/default-response-rules.ts";
import { interpretResponse } from "../response/interpret-response.ts";
import type { ResponseRule } from "../response/response-rule.ts";
import { headersForPeople } from "../response/judged-answer.ts";
import { suggestRules } from "../response/suggest-rules.ts";
import { retryAfterMs } from "../response/retry-after.ts";
import { verdictError } from "../response/verdict-error.ts";
import { decodeBody } from "../transport/decode-body.ts";
import type { ExchangeResult, ReceivedAnswer } from "../transport/exchange-result.ts";
import { failureCode } from "../transport/failure-code.ts";
import { failureError } from "../transport/failure-error.ts";

/** Turns an answer into an acceptance or an error, without the token. */
export class AnswerReader {
  readonly #redactor: Redactor;
  readonly #rules: readonly ResponseRule[];
  readonly #idCliente: string;

  constructor({ token, rules, idCliente }: Pick<ValidOptions, "token" | "rules" | "idCliente">) {
    this.#idCliente = idCliente;
    this.#redactor = createRedactor(token);
    this.#rules = [...rules, ...defaultResponseRules];
  }

  /** @throws TalkmeError unless the answer is an acceptance. */
  read(
    action: Action,
    message: ValidMessage,
    result: ExchangeResult,
    onAnswer?: CallOptions["onAnswer"],
  ): Accepted {
    if (result.kind === "answered") return this.#judge(action, message, result.answer, onAnswer);
    const { partial, error } = result;
    throw failureError(failureCode(result), {
      action,
      cause: this.#safeCause(error),
      httpStatus: partial?.httpStatus,
      response: partial === undefined ? undefined : this.#redactor.redactCut(decode(partial).text),
    });
  }

  /** The error for a call that ended before its request. */
  notDispatched(code: ErrorCode, action: Action, reason?: unknown): TalkmeError {
    return failureError(code, {
      action,
      cause: reason === undefined ? undefined : this.#safeCause(reason),
    });
  }

  #judge(
    action: Action,
    message: ValidMessage,
    answer: ReceivedAnswer,
    onAnswer: CallOptions["onAnswer"],
  ): Accepted {
    const { httpStatus, headers, cut } = answer;
    const { text, isText } = decode(answer);
    const contentType = headerText(headers["content-type"]);
    const { numeroDest, idCampanha, idWpp, infoContato } = message;
    const sent = { numeroDest, idCampanha, idWpp, infoContato, idCliente: this.#idCliente };
    const judged = { httpStatus, contentType, body: text, isText, isCut: cut, sent };
    const verdict = interpretResponse(judged, this.#rules);
    const response = cut ? this.#redactor.redactCut(text) : this.#redactor.redact(text);
    const suggested = verdict.rule === null ? suggestRules(judged, response) : null;
    const judgement = {
      httpStatus,
      headers: headersForPeople(headers, (header) => this.#redactor.redact(header)),
      body: response,
      isCut: cut,
      verdict,
      suggested,
    };
    undisturbed("onAnswer", () => onAnswer?.(judgement));
    if (verdict.outcome === "accepted") {
      const reference = verdict.reference === null ? null : this.#redactor.redact(verdict.reference);
      return { outcome: "accepted", action, httpStatus, reference, response, rule: verdict.rule };
    }
    throw verdictError(verdict, {
      action,
      httpStatus,
      response,
      suggested,
      retryAfterMs: retryAfterMs(headerText(headers["retry-after"]), headerText(headers["date"]), Date.now()),
    });
  }

  #safeCause(error: unknown): Error {
    return safeCause(error, (text) => this.#redactor.redact(text));
  }
}

function decode({ body, headers, cut }: ReceivedAnswer): ReturnType<typeof decodeBody> {
  return decodeBody(body, headerText(headers["content-encoding"]), cut);
}

/** The first value of a repeated header. */
function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
