import type { Dispatcher } from "undici";
import type { IncomingHttpHeaders } from "undici/types/header.js";

import { AnswerOutOfStepError } from "./answer-out-of-step-error.ts";
import type { Connection } from "./connection.ts";
import type { ExchangeResult, ReceivedAnswer, WriteEvidence } from "./exchange-result.ts";

/** How much of a body is read; the rest is not worth a connection. */
const bodyLimitBytes = 64 * 1024;

/** What bounds one request in time. */
export interface ExchangeLimits {
  /** The whole exchange, from the call to the end of the body, in milliseconds. */
  readonly timeoutMs: number;
  /** From the call to the first byte of the request, in milliseconds. */
  readonly startWithinMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * One request and its answer, dispatched at most once, with evidence of whether it was written.
 *
 * It is an undici handler rather than a call of `request`, for the sake of `onRequestStart`: undici calls it
 * on the handler of the very request that it is about to write, in the same tick as the write (`writeH1` in
 * lib/dispatcher/client-h1.js and `writeH2` of client-h2.js, 8.12.4), and aborting there prevents the write.
 * That is the moment of the `undici:client:sendHeaders` channel, without a global subscription and without
 * having to find out whose request it was. `socket.bytesWritten` could add nothing: the request is written
 * whole in that tick, and Node counts bytes that were handed over, whether or not they left.
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
   * @param startIsCertain whether the dispatcher is known to call `onRequestStart` before it writes anything.
   */
  static run(
    dispatcher: Dispatcher,
    request: Dispatcher.DispatchOptions,
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

  /** Told by the connection of our own that it goes to. */
  carriedBy(connection: Connection): void {
    this.#connection = connection;
  }

  get isSettled(): boolean {
    return this.#settled;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while it waited for a connection: refusing here is what makes "not written" a proof.
    if (this.#settled) {
      controller.abort(new Error("the call had already ended"));
      return;
    }
    // After a pause of the process this may come before the timer, and long after anybody wanted it.
    if (this.#controller === undefined && performance.now() >= this.#startBeforeMs) {
      this.#fail("timeout", new Error("the time to begin was over"));
      controller.abort(new Error("the time to begin was over"));
      return;
    }
    // A second start is a retry or a redirect by an injected dispatcher; writing it again could message twice.
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
    // What arrived with the answer is read by then, and what followed at once, too.
    setImmediate(() =>
      setImmediate(() => {
        this.#settleAnswer(false);
        connection.release();
      }),
    );
  }

  onResponseError(_controller: unknown, error: unknown): void {
    this.#fail("error", error);
    this.#connection?.release();
  }

  readonly #onTimeout = (): void => {
    // After a pause of the process the answer may have arrived already, and timers are asked before sockets.
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
