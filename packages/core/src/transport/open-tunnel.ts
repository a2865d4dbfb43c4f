import { request, STATUS_CODES, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";

import { ProxyError } from "./proxy-error.ts";
import type { Proxy } from "./proxy.ts";

/** The end of a tunnel. */
export interface TunnelTarget {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * Asks a proxy, on a connection to it, for a tunnel (CONNECT). Node's own HTTP parser reads the answer. Anything but a 2xx
 * without further bytes is a failure: nothing of a request was written then.
 *
 * @param done Called once, with the same connection, which now leads to the target, or with a {@link ProxyError}.
 */
export function openTunnel(
  socket: Socket,
  proxy: Proxy,
  { host, port }: TunnelTarget,
  done: (error: ProxyError | null, tunnel: Socket | null) => void,
): void {
  const target = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const asked = `the proxy ${proxy.place} was asked for ${target} and`;
  // A connection of its own instead of an agent: the environment's proxies and agents have no say.
  const connect = request({
    createConnection: () => socket,
    method: "CONNECT",
    path: target,
    setHost: false,
    insecureHTTPParser: false,
    headers: {
      host: target,
      "proxy-connection": "keep-alive",
      ...(proxy.authorization !== null && { "proxy-authorization": proxy.authorization }),
    },
  });
  connect.removeHeader("connection");
  let isOver = false;
  const finish = (error: ProxyError | null, tunnel: Socket | null): void => {
    if (isOver) return;
    isOver = true;
    if (error !== null) socket.destroy();
    done(error, tunnel);
  };
  connect.once("connect", (answer, _socket, rest) => {
    const refusal = refusalIn(answer, proxy);
    if (refusal !== null) finish(new ProxyError(refusal.code, `${asked} answered ${refusal.words}`), null);
    else if (rest.length > 0) {
      // The other side speaks second: these bytes would be taken for the answer to the first request.
      finish(new ProxyError("proxy_failed", `${asked} sent more than its answer`), null);
    } else finish(null, socket);
  });
  connect.on("error", (error) => {
    finish(new ProxyError("proxy_failed", `${asked} gave no answer that can be used`, error), null);
  });
  // An answer that Node takes for no answer to CONNECT.
  connect.once("response", () => {
    finish(new ProxyError("proxy_failed", `${asked} gave no answer that can be used`), null);
  });
  connect.end();
}

interface Refusal {
  readonly code: "proxy_refused" | "proxy_authentication_failed";
  readonly words: string;
}

/** Null for a tunnel. */
function refusalIn({ statusCode = 0, headers }: IncomingMessage, { authorization }: Proxy): Refusal | null {
  if (statusCode >= 200 && statusCode < 300) return null;
  // The reason phrase is the proxy's own and may repeat anything.
  const status = `${statusCode} ${STATUS_CODES[statusCode] ?? ""}`.trim();
  // Tinyproxy answers 401 to a wrong password.
  if (statusCode === 407 || statusCode === 401) {
    const offered = schemesIn(headers["proxy-authenticate"]);
    const otherThanBasic =
      offered.length > 0 && !offered.includes("Basic")
        ? `; it wants ${offered.join(" or ")}, and only Basic is supported`
        : "";
    const sent =
      authorization === null ? "no user and password are configured" : "to the configured user and password";
    return { code: "proxy_authentication_failed", words: `${status} (${sent}${otherThanBasic})` };
  }
  const [squid] = /^ERR_[A-Z_]+ \d+$/.exec(String(headers["x-squid-error"] ?? "")) ?? [];
  return { code: "proxy_refused", words: squid === undefined ? status : `${status} (${squid})` };
}

const knownSchemes = ["Basic", "Bearer", "Digest", "Kerberos", "Negotiate", "NTLM"];

/** The known schemes among those that the proxy offers. */
function schemesIn(offered: string | undefined): readonly string[] {
  const words = new Set((offered ?? "").toLowerCase().split(/[\s,]+/));
  return knownSchemes.filter((scheme) => words.has(scheme.toLowerCase()));
}
