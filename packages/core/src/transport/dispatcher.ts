import { Agent, BalancedPool, Client, Pool, ProxyAgent } from "undici";
import type { Dispatcher } from "undici";

import { ConnectionPool } from "./connection-pool.ts";
import { anyAddressConnector } from "./connector.ts";

/** What a client's own dispatcher can be told. */
export interface OwnDispatcherOptions {
  readonly origin: string;
  readonly connectTimeoutMs: number;
  readonly maxConnections?: number | undefined;
  readonly onSurplus?: (() => void) | undefined;
}

/**
 * The dispatcher of a client that was not given one. One request at a time on each connection, HTTP/1.1 only,
 * TLS verified whatever the environment says, no redirects, no retries. Its own header and body timeouts are
 * off, because an exchange has one timeout for the whole of it.
 */
export function ownDispatcher({ connectTimeoutMs, ...options }: OwnDispatcherOptions): Dispatcher {
  return new ConnectionPool({ ...options, connector: anyAddressConnector({ timeoutMs: connectTimeoutMs }) });
}

const ownClasses = [ConnectionPool, Agent, Pool, BalancedPool, Client, ProxyAgent] as const;

/**
 * Whether a dispatcher is one of undici's own that hand the handler to a connection untouched, so that a
 * request whose `onRequestStart` was not called was not written. Composed dispatchers, mocks, wrappers and
 * those of another copy of undici are not: they may start a request without telling.
 */
export function callsStartBeforeWriting(dispatcher: Dispatcher): boolean {
  // `compose` returns a proxy that is an instance of the same class, with another `dispatch`.
  return ownClasses.some(
    (ownClass) => dispatcher instanceof ownClass && dispatcher.dispatch === ownClass.prototype.dispatch,
  );
}
