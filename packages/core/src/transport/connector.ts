import type { LookupFunction } from "node:net";

import { buildConnector } from "undici";

import { connectAnyAddress } from "./connect-any-address.ts";

/** Options of a connector. */
export interface ConnectorOptions {
  /** For the whole connection, TLS included. */
  readonly timeoutMs: number;
  /** @default the system's resolver */
  readonly lookup?: LookupFunction | undefined;
  /** @default the authorities that Node trusts */
  readonly ca?: string | undefined;
}

const keepAliveDelayMs = 60_000;

/**
 * Connects undici to the first address of the host that answers. TLS is undici's own: verified whatever the environment
 * says, with session resumption.
 */
export function anyAddressConnector({ timeoutMs, lookup, ca }: ConnectorOptions): buildConnector.connector {
  // The limit of the whole connection applies instead.
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
