import { Agent, BalancedPool, Client, Pool, ProxyAgent } from "undici";
import type { Dispatcher } from "undici";

/** What a client's own dispatcher can be told. */
export interface OwnDispatcherOptions {
  readonly connectTimeoutMs: number;
  readonly maxConnections?: number | undefined;
}

/**
 * The dispatcher of a client that was not given one. One request at a time on each connection, HTTP/1.1 only,
 * TLS verified whatever the environment says, no redirects, no retries. Its own header and body timeouts are
 * off, because an exchange has one timeout for the whole of it.
 */
export function ownDispatcher({ connectTimeoutMs, maxConnections }: OwnDispatcherOptions): Dispatcher {
  return new Agent({
    connections: maxConnections ?? null,
    pipelining: 1,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: connectTimeoutMs, rejectUnauthorized: true },
  });
}

const ownClasses = [Agent, Pool, BalancedPool, Client, ProxyAgent] as const;

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
