import type { Dispatcher } from "undici";

import type { InjectedDispatcher, InjectedRequest } from "./injected-dispatcher.ts";
import type { IncomingHttpHeaders } from "undici/types/header.js";

import { AnswerOutOfStepError } from "./answer-out-of-step-error.ts";
import type { Connection } from "./connection.ts";
import type { ExchangeResult, ReceivedAnswer, WriteEvidence } from "./exchange-result.ts";

/** The most that is read of a body. */
const bodyLimitBytes = 64 * 1024;

/** The time limits of one request. */
export interface ExchangeLimits {
  /** The whole exchange, from the call to the end of the body, in milliseconds. */
  readonly timeoutMs: number;
  /** From the call to the request's first byte, in milliseconds. */
  readonly startWithinMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * One request and its answer, dispatched at most once, with evidence of whether it was written.
 *
 * An undici handler instead of a call of `request`, for `onRequestStart`: undici calls it on the handler of the request
 * that it is about to write, in the same tick as the write (`writeH1` in lib/dispatcher/client-h1.js and `writeH2` of
 * client-h2.js, 8.13.1), and aborting there prevents the write. It is the moment of the `undici:client:sendHeaders`
 * channel, without a global subscription or having to identify the request. `socket.bytesWritten` adds nothing: the
 * request is written whole in that tick, and Node counts bytes handed over, whether or not they left.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #settle: (result: ExchangeResult) => void;
  readonly #startIsCertain: boolean;
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #startBeforeMs: number;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #httpStatus: number | undefined;
  #headers: IncomingHttpHeaders = {};
  #chunks: Buffer[] = [];
  #receivedBytes = 0;
  #connection: Connection | null = null;
  #answeredTooSoon = false;
  /** The answer is here: what is still waited for is whether more follows that nobody asked for. */
  #isWhole = false;

  /**
   * Dispatches a request. Never rejects.
   *
   * @param startIsCertain Whether the dispatcher certainly calls `onRequestStart` before it writes anything.
   */
  static run(
    dispatcher: InjectedDispatcher,
    request: InjectedRequest,
    limits: ExchangeLimits,
    startIsCertain: boolean,
  ): Promise<ExchangeResult> {
    return new Promise((resolve) => {
      const exchange = new Exchange(limits, startIsCertain, resolve);
      try {
        dispatcher.dispatch(request, exchange);
      } catch (error) {
        exchange.onResponseError(undefined, error);
      }
    });
  }

  private constructor(
    { timeoutMs, startWithinMs, signal }: ExchangeLimits,
    startIsCertain: boolean,
    settle: (result: ExchangeResult) => void,
  ) {
    this.#settle = settle;
    this.#startIsCertain = startIsCertain;
    this.#signal = signal;
    this.#timer = setTimeout(this.#onTimeout, timeoutMs);
    this.#startBeforeMs = performance.now() + Math.min(timeoutMs, startWithinMs);
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Called by the connection that carries it. */
  carriedBy(connection: Connection): void {
    this.#connection = connection;
  }

  get isSettled(): boolean {
    return this.#settled;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while waiting for a connection: refusing here proves "not written".
    if (this.#settled) {
      controller.abort(new Error("the call had already ended"));
      return;
    }
    // After a pause of the process this may run before the timer, and far too late.
    if (this.#controller === undefined && performance.now() >= this.#startBeforeMs) {
      this.#fail("timeout", new Error("the time to begin was over"));
      controller.abort(new Error("the time to begin was over"));
      return;
    }
    // An injected dispatcher retries or redirects; writing again could message a person twice.
    if (this.#controller !== undefined) {
      controller.abort(new Error("a request is written at most once"));
      this.#fail("error", new Error("the dispatcher tried to write the request again"));
      return;
    }
    this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    httpStatus: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (httpStatus < 200) return;
    this.#httpStatus = httpStatus;
    this.#headers = headers;
    this.#answeredTooSoon = this.#connection?.isWriting === true;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    const room = bodyLimitBytes - this.#receivedBytes;
    this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    this.#receivedBytes += Math.min(chunk.length, room);
    if (chunk.length <= room) return;
    this.#settleAnswer(true);
    controller.abort(new Error("the answer is longer than is wanted"));
  }

  onResponseEnd(): void {
    const connection = this.#connection;
    if (connection === null || this.#settled) {
      this.#settleAnswer(false);
      connection?.release();
      return;
    }
    this.#isWhole = true;
    this.#stopWaiting();
    connection.answered();
    // By then, what arrived with the answer or right after it has been read, and TLS has said what was written.
    setImmediate(() =>
      setImmediate(() => {
        if (connection.saysLate) this.#answeredTooSoon &&= connection.isWriting;
        this.#settleAnswer(false);
        connection.release();
      }),
    );
  }

  onResponseError(_controller: unknown, error: unknown): void {
    this.#fail("error", error);
    // undici tells of a failed connection in the middle of clearing its queue, and takes no next request before the end of it.
    queueMicrotask(() => this.#connection?.release());
  }

  readonly #onTimeout = (): void => {
    // After a pause of the process the answer may have arrived already, but timers run before sockets.
    setImmediate(() => this.#giveUp("timeout", new Error("timed out")));
  };

  readonly #onAbort = (): void => {
    this.#giveUp("aborted", this.#signal?.reason);
  };

  #giveUp(reason: "timeout" | "aborted", error: unknown): void {
    if (this.#isWhole) return;
    this.#fail(reason, error);
    this.#controller?.abort(new Error(reason));
  }

  #settleAnswer(cut: boolean): void {
    const answer = this.#received(cut);
    if (this.#answeredTooSoon || this.#connection?.sawSurplus === true) {
      this.#fail("error", new AnswerOutOfStepError());
    } else if (answer === undefined) {
      this.#fail("error", new Error("the dispatcher ended an answer that had not begun"));
    } else {
      this.#finish({ kind: "answered", answer });
    }
  }

  #fail(reason: "error" | "timeout" | "aborted", error: unknown): void {
    this.#finish({
      kind: "failed",
      reason,
      evidence: this.#evidence(),
      error,
      partial: this.#received(false),
    });
  }

  #evidence(): WriteEvidence {
    if (this.#controller !== undefined || this.#httpStatus !== undefined) return "maybe_written";
    return this.#startIsCertain ? "not_written" : "unproven";
  }

  #received(cut: boolean): ReceivedAnswer | undefined {
    if (this.#httpStatus === undefined) return undefined;
    const [only, ...more] = this.#chunks;
    const body = only !== undefined && more.length === 0 ? only : Buffer.concat(this.#chunks);
    return { httpStatus: this.#httpStatus, headers: this.#headers, body, cut };
  }

  #finish(result: ExchangeResult): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#stopWaiting();
    this.#settle(result);
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }
}
