import { Agent, BalancedPool, Client, Pool, ProxyAgent } from "undici";
import type { Dispatcher } from "undici";

import type { InjectedDispatcher } from "./injected-dispatcher.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { anyAddressConnector } from "./connector.ts";
import type { Proxy } from "./proxy.ts";

/** Options of a client's own dispatcher. */
export interface OwnDispatcherOptions {
  readonly origin: string;
  readonly connectTimeoutMs: number;
  readonly proxy?: Proxy | undefined;
  readonly maxConnections?: number | undefined;
  readonly onSurplus?: (() => void) | undefined;
}

/**
 * The default dispatcher of a client: one request at a time on each connection, HTTP/1.1 only, TLS verified whatever the
 * environment says, no redirects, no retries. Header and body timeouts are off, because an exchange has a single
 * timeout.
 */
export function ownDispatcher({ connectTimeoutMs, proxy, ...options }: OwnDispatcherOptions): Dispatcher {
  const connector = anyAddressConnector({ timeoutMs: connectTimeoutMs, proxy });
  return new ConnectionPool({ ...options, connector });
}

const ownClasses = [ConnectionPool, Agent, Pool, BalancedPool, Client, ProxyAgent] as const;

/**
 * Whether a dispatcher is an unmodified one of undici, which passes the handler on unchanged, so that a request without a
 * call of `onRequestStart` was not written. Composed dispatchers, mocks, wrappers and those of another copy of undici may
 * start a request without that call.
 */
export function callsStartBeforeWriting(dispatcher: InjectedDispatcher): boolean {
  // `compose` returns a proxy that is an instance of the same class, with another `dispatch`.
  return ownClasses.some(
    (ownClass) => dispatcher instanceof ownClass && dispatcher.dispatch === ownClass.prototype.dispatch,
  );
}
