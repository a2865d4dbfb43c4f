import type { LookupFunction, Socket } from "node:net";

import { buildConnector } from "undici";

import { connectAnyAddress } from "./connect-any-address.ts";
import { connectThroughProxy } from "./connect-through-proxy.ts";
import type { Proxy } from "./proxy.ts";
import { secureTunnel } from "./secure-tunnel.ts";

/** Options of a connector. */
export interface ConnectorOptions {
  /** For the whole connection, tunnel and TLS included. */
  readonly timeoutMs: number;
  /** @default none: the host itself is connected to */
  readonly proxy?: Proxy | undefined;
  /** @default the system's resolver */
  readonly lookup?: LookupFunction | undefined;
  /** @default the authorities that Node trusts */
  readonly ca?: string | undefined;
}

const keepAliveDelayMs = 60_000;

/**
 * Connects undici to the first address of the host that answers, or through a proxy's tunnel. TLS is undici's own: verified
 * whatever the environment says, with session resumption.
 */
export function anyAddressConnector({
  timeoutMs,
  proxy,
  lookup,
  ca,
}: ConnectorOptions): buildConnector.connector {
  // The limit of the whole connection applies instead.
  const tls = { allowH2: false, rejectUnauthorized: true, timeout: 0 };
  const secure = buildConnector(ca === undefined ? tls : { ...tls, ca });
  return (options, callback) => {
    const isSecure = options.protocol === "https:";
    const port = Number(options.port === "" ? (isSecure ? 443 : 80) : options.port);
    const target = { host: options.hostname, port, timeoutMs, lookup };
    const { httpSocket: _none, ...own } = options;
    const startTls = (
      httpSocket: Socket,
      done: (error: Error | null, socket: Socket | null) => void,
    ): void => {
      secure({ ...own, httpSocket }, done);
    };
    const finish = (error: Error | null, socket: Socket | null): void => {
      if (socket === null) callback(error ?? new Error("no connection"), null);
      else callback(null, socket.setNoDelay(true).setKeepAlive(true, keepAliveDelayMs));
    };
    if (proxy === undefined) {
      connectAnyAddress(isSecure ? { ...target, establish: startTls } : target, finish);
      return;
    }
    const startedMs = performance.now();
    connectThroughProxy({ ...target, proxy, ca }, (error, tunnel) => {
      if (tunnel === null || !isSecure) finish(error, tunnel);
      else
        secureTunnel(
          {
            tunnel,
            startTls,
            place: `${target.host}:${port}`,
            proxy,
            timeoutMs: timeoutMs - (performance.now() - startedMs),
          },
          finish,
        );
    });
  };
}
