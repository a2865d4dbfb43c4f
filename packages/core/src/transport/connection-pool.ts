import { Dispatcher } from "undici";
import type { buildConnector } from "undici";

import { Connection } from "./connection.ts";
import { Exchange } from "./exchange.ts";

/**
 * How long a connection rests after an answer, if another is free: a surplus answer within that time meets no request
 * that it could be mistaken for answering.
 */
const restMs = 100;

/** Beyond this many resting connections, the one that has rested longest is used early. */
const mostResting = 32;

/** How long after a surplus answer each connection carries only one request. */
const distrustMs = 600_000;

export interface ConnectionPoolOptions {
  readonly origin: string;
  readonly connector: buildConnector.connector;
  /** @default unlimited */
  readonly maxConnections?: number | undefined;
  /** Called when an answer comes without a request. */
  readonly onSurplus?: (() => void) | undefined;
}

interface Waiting {
  readonly request: Dispatcher.DispatchOptions;
  readonly exchange: Exchange;
}

/**
 * A client's connections, each with one request at a time. A connection that received bytes without a request gets no
 * further request and is never used again.
 */
export class ConnectionPool extends Dispatcher {
  readonly #options: ConnectionPoolOptions;
  readonly #connections: Connection[] = [];
  /** Free connections, the longest at rest first. */
  readonly #free: Connection[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #onceFree: (() => void)[] = [];
  #distrustedUntilMs = 0;

  constructor(options: ConnectionPoolOptions) {
    super();
    this.#options = options;
  }

  /** @param handler An {@link Exchange}: this pool has no other users. */
  override dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if (!(handler instanceof Exchange)) throw new TypeError("only an exchange can be carried");
    const connection = this.#choose();
    if (connection === null) this.#waiting.push({ request, exchange: handler });
    else this.#carry(connection, request, handler);
    return connection !== null;
  }

  /** Lets running and waiting requests end. */
  override close(): Promise<void>;
  override close(callback: () => void): void;
  override async close(callback?: () => void): Promise<void> {
    await this.#close();
    callback?.();
  }

  async #close(): Promise<void> {
    while (this.#waiting.length > 0 || this.#free.length < this.#connections.length) {
      // Each finished request lets the next begin.
      await new Promise<void>((resolve) => this.#onceFree.push(resolve));
    }
    await Promise.all(this.#connections.map((one) => one.close()));
  }

  /**
   * The most recently used open connection that has rested, so that others may close; otherwise a new one; otherwise the one
   * that has rested longest.
   */
  #choose(): Connection | null {
    const restedBeforeMs = performance.now() - restMs;
    const isRested = (one: Connection): boolean => one.freeSinceMs <= restedBeforeMs;
    const [longest] = this.#free;
    if (longest !== undefined && isRested(longest)) {
      const rested = this.#free.findLastIndex((one) => one.stands && isRested(one));
      if (rested >= 0) return this.#take(rested);
    }
    const down = this.#free.findIndex((one) => !one.stands);
    if (down >= 0) return this.#take(down);
    const opened = this.#free.length < mostResting ? this.#open() : null;
    return opened ?? this.#take(0);
  }

  #take(index: number): Connection | null {
    return this.#free.splice(index, 1)[0] ?? null;
  }

  #open(): Connection | null {
    const { origin, connector, maxConnections = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#connections.length >= maxConnections) return null;
    const opened = new Connection(origin, connector, { onFree: this.#onFree, onSurplus: this.#onSurplus });
    this.#connections.push(opened);
    return opened;
  }

  #carry(connection: Connection, request: Dispatcher.DispatchOptions, exchange: Exchange): void {
    const isDistrusted = this.#distrustedUntilMs > 0 && performance.now() < this.#distrustedUntilMs;
    connection.carry(isDistrusted ? { ...request, reset: true } : request, exchange);
  }

  readonly #onFree = (freed: Connection): void => {
    this.#free.push(freed);
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined) break;
      const connection = next.exchange.isSettled ? null : this.#choose();
      if (connection === null && !next.exchange.isSettled) break;
      this.#waiting.shift();
      if (connection !== null) this.#carry(connection, next.request, next.exchange);
    }
    for (const resolve of this.#onceFree.splice(0)) resolve();
  };

  readonly #onSurplus = (): void => {
    this.#distrustedUntilMs = performance.now() + distrustMs;
    this.#options.onSurplus?.();
  };
}
