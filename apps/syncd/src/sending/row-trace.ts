import {
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
} from "@opentelemetry/api";
import type { ClaimedRow } from "@talkme/outbox/daemon";

import { version } from "../version.ts";

/** Until somebody brings an SDK, everything of it does nothing. */
const tracer = trace.getTracer("syncd", version);

/** What became of a request, as far as a trace shows it. */
export interface TracedOutcome {
  readonly outcome: string | null;
  readonly status: string;
  readonly code: string | null;
  readonly httpStatus: number | null;
}

/**
 * One attempt at a row, as spans: `syncd.attempt`, and in it `syncd.claim` (the statement that brought it), `syncd.send` (the
 * request) and `syncd.settle` (until the answer is in the database). It goes on with the producer's trace where `metadata`
 * has a `traceparent`. No attribute holds a phone number or anything else of the message.
 */
export class RowTrace {
  readonly #attempt: Span;
  /** Of the spans within the attempt; null where it is not recorded. */
  readonly #context: Context | null = null;
  #send: Span | null = null;
  #settle: Span | null = null;

  /**
   * The row was claimed, and will be sent.
   *
   * @param askedAtMs When its claim was asked for, on the monotonic clock; it was answered now.
   */
  constructor(row: ClaimedRow, askedAtMs: number) {
    const { traceparent } = row;
    const producer = traceparent === null ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
    const options = {
      kind: SpanKind.CONSUMER,
      startTime: askedAtMs,
      attributes: {
        "messaging.system": "talkme.outbox",
        "messaging.message.id": row.id,
        "talkme.account": row.account,
        "talkme.lane": row.lane,
        "talkme.attempt": row.attempts,
        "talkme.waited_ms": row.waitedMs,
      },
    };
    this.#attempt = tracer.startSpan("syncd.attempt", options, producer);
    // Nobody traces, or not this one: its parts would be as empty.
    if (!this.#attempt.isRecording()) return;
    this.#context = trace.setSpan(producer, this.#attempt);
    tracer.startSpan("syncd.claim", { startTime: askedAtMs }, this.#context).end();
  }

  /** For log lines; null where nobody traces. */
  get traceId(): string | null {
    return this.#attempt.isRecording() ? this.#attempt.spanContext().traceId : null;
  }

  sending(): void {
    if (this.#context === null) return;
    this.#send = tracer.startSpan("syncd.send", { kind: SpanKind.CLIENT }, this.#context);
  }

  /** The request has ended, and what comes of it is decided. */
  answered({ outcome, status, code, httpStatus }: TracedOutcome): void {
    if (this.#context === null) return;
    if (outcome !== null) this.#send?.setAttribute("talkme.outcome", outcome);
    if (httpStatus !== null) this.#send?.setAttribute("http.response.status_code", httpStatus);
    this.#attempt.setAttribute("talkme.status", status);
    if (code !== null) {
      for (const span of [this.#send, this.#attempt]) {
        span?.setAttribute("error.type", code);
        span?.setStatus({ code: SpanStatusCode.ERROR, message: code });
      }
    }
    this.#send?.end();
    this.#settle = tracer.startSpan("syncd.settle", {}, this.#context);
  }

  /** The answer is in the database. */
  settled(): void {
    this.#settle?.end();
    this.#attempt.end();
  }
}
