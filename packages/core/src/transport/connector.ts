import type { LookupFunction } from "node:net";

import { buildConnector } from "undici";

import { connectAnyAddress } from "./connect-any-address.ts";

/** What a connector can be told. */
export interface ConnectorOptions {
  /** For all of it, TLS included. */
  readonly timeoutMs: number;
  /** @default the system's resolver */
  readonly lookup?: LookupFunction | undefined;
  /** @default the authorities that Node trusts */
  readonly ca?: string | undefined;
}

const keepAliveDelayMs = 60_000;

/**
 * Connects undici to whichever of the host's addresses answers first. TLS is undici's own: verified whatever the environment says,
 * with sessions that are resumed.
 */
export function anyAddressConnector({ timeoutMs, lookup, ca }: ConnectorOptions): buildConnector.connector {
  // What bounds it in time is the whole of it.
  const tls = { allowH2: false, rejectUnauthorized: true, timeout: 0 };
  const secure = buildConnector(ca === undefined ? tls : { ...tls, ca });
  return (options, callback) => {
    const isSecure = options.protocol === "https:";
    const port = Number(options.port === "" ? (isSecure ? 443 : 80) : options.port);
    const target = { host: options.hostname, port, timeoutMs, lookup };
    const { httpSocket: _none, ...own } = options;
    connectAnyAddress(
      isSecure
        ? { ...target, establish: (httpSocket, done) => secure({ ...own, httpSocket }, done) }
        : target,
      (error, socket) => {
        if (socket === null) callback(error ?? new Error("no connection"), null);
        else callback(null, socket.setNoDelay(true).setKeepAlive(true, keepAliveDelayMs));
      },
    );
  };
}
