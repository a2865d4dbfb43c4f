import { isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

import { connectAnyAddress } from "./connect-any-address.ts";
import { openTunnel, type TunnelTarget } from "./open-tunnel.ts";
import { ProxyError } from "./proxy-error.ts";
import type { Proxy } from "./proxy.ts";

/** The options of {@link connectThroughProxy}. */
export interface ThroughProxyOptions extends TunnelTarget {
  readonly proxy: Proxy;
  /** For everything from resolving the proxy's name to the tunnel, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * Resolves the proxy's name; the target's is resolved by the proxy.
   *
   * @default `dns.lookup`
   */
  readonly lookup?: LookupFunction | undefined;
  /**
   * Vouches for the certificate of an https proxy.
   *
   * @default the authorities that Node trusts
   */
  readonly ca?: string | undefined;
}

/**
 * Connects to a host through a proxy's tunnel. All addresses of the proxy are tried as those of a host are; a refusal of one
 * is the proxy's answer, and the others are not asked: a wrong password must not be tried more often than it has to be.
 *
 * @param done Called once, with the tunnel or a {@link ProxyError}.
 */
export function connectThroughProxy(
  { proxy, host, port, timeoutMs, lookup, ca }: ThroughProxyOptions,
  done: (error: ProxyError | null, tunnel: Socket | null) => void,
): void {
  let wasAsked = false;
  const establish = (
    socket: Socket,
    established: (error: Error | null, tunnel: Socket | null) => void,
  ): void => {
    const ask = (connection: Socket): void => {
      wasAsked = true;
      openTunnel(connection, proxy, { host, port }, established);
    };
    if (proxy.isSecure) startTls(socket, proxy.host, ca, ask, (error) => established(error, null));
    else ask(socket);
  };
  connectAnyAddress(
    { host: proxy.host, port: proxy.port, timeoutMs, lookup, establish, isFinal },
    (error, tunnel) => done(error === null ? null : inProxysName(error, proxy, wasAsked), tunnel),
  );
}

function isFinal(error: Error): boolean {
  return error instanceof ProxyError && error.isAnswer;
}

function startTls(
  socket: Socket,
  host: string,
  ca: string | undefined,
  onSecure: (secured: Socket) => void,
  onError: (error: Error) => void,
): void {
  const secured = connectTls({
    socket,
    host,
    ALPNProtocols: ["http/1.1"],
    rejectUnauthorized: true,
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { ca }),
  });
  secured.once("secureConnect", () => onSecure(secured));
  // Stays: a losing attempt may fail once more.
  secured.on("error", onError);
}

/** Whatever failed, the API had no part in it. */
function inProxysName(error: Error, { place }: Proxy, wasAsked: boolean): ProxyError {
  if (error instanceof ProxyError) return error;
  return wasAsked
    ? new ProxyError("proxy_failed", `the proxy ${place} opened no tunnel (${error.message})`, error)
    : new ProxyError(
        "proxy_unreachable",
        `the proxy ${place} cannot be connected to (${error.message})`,
        error,
      );
}
