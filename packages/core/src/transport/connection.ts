import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

import { Client, errors } from "undici";
import type { Dispatcher, buildConnector } from "undici";

/** Events of a connection for its pool. */
export interface ConnectionEvents {
  /** It is free for the next request. */
  readonly onFree: (connection: Connection) => void;
  /** An answer came without a request: answers and requests may be out of step. */
  readonly onSurplus: () => void;
}

/** A request and its answer, as its connection sees them. */
export interface CarriedExchange extends Dispatcher.DispatchHandler {
  /** Called by the connection that carries it. */
  readonly carriedBy: (connection: Connection) => void;
  readonly onResponseError: (controller: unknown, error: unknown) => void;
}

/**
 * One connection with one request at a time; reconnects after a loss. Watches for bytes that arrive without a request,
 * because the next answer may then belong to another request.
 */
export class Connection {
  readonly #client: Client;
  readonly #events: ConnectionEvents;
  #socket: Socket | null = null;
  #isFree = true;
  /** Whether arriving bytes are an answer. */
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

  /** Whether it is connected. */
  get stands(): boolean {
    return this.#socket !== null && !this.#socket.destroyed;
  }

  /** Since when it is free, as `performance.now()`. */
  get freeSinceMs(): number {
    return this.#freeSinceMs;
  }

  /** Whether bytes of the request are still to be handed to the system, as far as Node says by now. */
  get isWriting(): boolean {
    return (this.#socket?.writableLength ?? 0) > 0;
  }

  /** Over TLS, Node says that bytes were handed over a turn of its event loop later, and an answer may come before. */
  get saysLate(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  /** Whether bytes beyond the answer have arrived since its request. */
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

  /** The answer is complete; further bytes are surplus. */
  answered(): void {
    this.#isAsking = false;
  }

  /** It is free for the next request. */
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
    // Runs before undici's listener, which ignores line breaks between answers.
    socket.on("readable", () => {
      if (this.#isAsking || socket.readableLength === 0) return;
      const bytes: unknown = socket.read();
      // Line breaks are no answer, but such a connection is not used again either.
      socket.destroy(/^[\r\n]*$/.test(String(bytes)) ? undefined : new errors.SocketError(surplusMessage));
    });
    // If the answer ends the connection, undici unshifts what follows and never reads it.
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

/** undici's error for an answer without a request. */
const surplusMessage = "bad response";

/** That error, or one for bytes that are not HTTP. */
function isSurplus(error: Error | null | undefined): boolean {
  if (error === null || error === undefined || !("code" in error)) return false;
  return error.message === surplusMessage || String(error.code).startsWith("HPE_");
}
