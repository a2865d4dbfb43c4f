import type { Socket } from "node:net";

import { Client, errors } from "undici";
import type { Dispatcher, buildConnector } from "undici";

/** What happens to a connection that its pool has to know. */
export interface ConnectionEvents {
  /** It carries nothing any more, and may carry the next request. */
  readonly onFree: (connection: Connection) => void;
  /** More came than was asked for: answers and requests may be out of step. */
  readonly onSurplus: () => void;
}

/** A request with its answer, as far as its connection is concerned. */
export interface CarriedExchange extends Dispatcher.DispatchHandler {
  /** Told by the connection of our own that it goes to. */
  readonly carriedBy: (connection: Connection) => void;
  readonly onResponseError: (controller: unknown, error: unknown) => void;
}

/**
 * One connection, which carries one request at a time; made anew whenever it was lost. It watches for what arrives while nothing was
 * asked: the next request's answer may be another's then.
 */
export class Connection {
  readonly #client: Client;
  readonly #events: ConnectionEvents;
  #socket: Socket | null = null;
  #isFree = true;
  /** Whether bytes that come are an answer. */
  #isAsking = false;
  #sawSurplus = false;
  #freeSinceMs = 0;

  constructor(origin: string, connector: buildConnector.connector, events: ConnectionEvents) {
    this.#events = events;
    this.#client = new Client(origin, {
      pipelining: 1,
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (options, callback) =>
        connector(options, (error, socket) => {
          if (error !== null) {
            callback(error, null);
            return;
          }
          this.#adopt(socket);
          callback(null, socket);
        }),
    });
  }

  /** Whether a connection stands, so that a request need not wait for one. */
  get stands(): boolean {
    return this.#socket !== null && !this.#socket.destroyed;
  }

  /** Since when it carries nothing, as `performance.now()`. */
  get freeSinceMs(): number {
    return this.#freeSinceMs;
  }

  /** Whether a byte of the request has still to be handed to the system. */
  get isWriting(): boolean {
    return (this.#socket?.writableLength ?? 0) > 0;
  }

  /** Whether more than the answer has arrived since the request that it carries. */
  get sawSurplus(): boolean {
    return this.#sawSurplus || isSurplus(this.#socket?.errored);
  }

  carry(request: Dispatcher.DispatchOptions, exchange: CarriedExchange): void {
    this.#isFree = false;
    this.#isAsking = true;
    this.#sawSurplus = false;
    exchange.carriedBy(this);
    try {
      this.#client.dispatch(request, exchange);
    } catch (error) {
      exchange.onResponseError(undefined, error);
    }
  }

  /** The answer is whole: what comes from now on was not asked for. */
  answered(): void {
    this.#isAsking = false;
  }

  /** It may carry the next request. */
  release(): void {
    if (this.#isFree) return;
    this.#isFree = true;
    this.#isAsking = false;
    this.#freeSinceMs = performance.now();
    this.#events.onFree(this);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #adopt(socket: Socket): void {
    this.#socket = socket;
    // Before undici's own, which passes over line breaks between two answers.
    socket.on("readable", () => {
      if (this.#isAsking || socket.readableLength === 0) return;
      const bytes: unknown = socket.read();
      // Line breaks are no answer, and a connection that brings them is all the same not used again.
      socket.destroy(/^[\r\n]*$/.test(String(bytes)) ? undefined : new errors.SocketError(surplusMessage));
    });
    // Where an answer ends the connection undici puts back what follows it, and looks at it no more.
    const putBack = socket.unshift.bind(socket);
    socket.unshift = (bytes: unknown) => {
      if (bytes instanceof Uint8Array && bytes.length > 0) this.#sawSurplus = true;
      putBack(bytes);
    };
    socket.on("close", () => {
      if (isSurplus(socket.errored)) this.#events.onSurplus();
    });
  }
}

/** As undici calls it when another answer begins where no request is left. */
const surplusMessage = "bad response";

/** That, or bytes that are no answer at all. */
function isSurplus(error: Error | null | undefined): boolean {
  if (error === null || error === undefined || !("code" in error)) return false;
  return error.message === surplusMessage || String(error.code).startsWith("HPE_");
}
