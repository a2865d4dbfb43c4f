import { parseProxyUrl, ProxyError, tryConnection, type Proxy } from "@talkme/core/sockets";

import type { AccountSettings } from "../config/settings.ts";
import { errorCodeOf } from "../error-code.ts";
import { api, proxies } from "../language/findings/machine.ts";
import type { Text } from "../language/text.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";
import { isLoopback } from "../is-loopback.ts";
import { remedyOfProxy } from "./remedy-of-proxy.ts";

const deadlineMs = 5000;

/**
 * Can the API's host be reached, through the proxy if there is one, and does its certificate prove its name? Connects as the
 * client does, without sending a request.
 *
 * @param unusedProxies Variables of the environment that name a proxy, and that syncd does not use.
 */
export async function checkApi(
  { name, baseUrl, proxyUrl }: Pick<AccountSettings, "name" | "baseUrl" | "proxyUrl">,
  unusedProxies: readonly string[] = [],
): Promise<readonly Finding[]> {
  const subject = `API of account ${name}` as const;
  const url = new URL(baseUrl);
  const findings: Finding[] = [];
  // A name without a dot is one of this machine's own network: the simulator in Compose.
  const isOurs = isLoopback(url.hostname) || /^[a-z][\w-]*$/i.test(url.hostname);
  if (url.protocol === "http:" && !isOurs) {
    findings.push(warning(subject, api.notEncrypted(url.origin), api.useHttps));
  }
  const proxy = proxyOf(proxyUrl);
  try {
    await tryConnection(url, { timeoutMs: deadlineMs, proxy });
    const inTheClear = url.protocol === "http:" && !isLoopback(url.hostname);
    findings.push(ok(subject, api.answers(url.origin, proxy?.place ?? null, inTheClear)));
  } catch (error) {
    if (error instanceof ProxyError) {
      findings.push(problem(subject, api.unreachable(url.origin, error.message), remedyOfProxy(error)));
    } else {
      const timedOut = error instanceof Error && error.name === "ConnectTimeoutError";
      const code = timedOut ? error.message : (errorCodeOf(error) ?? String(error));
      const remedy = remedyFor(code, proxy, unusedProxies);
      findings.push(problem(subject, api.unreachable(url.origin, code, proxy?.place), remedy));
    }
  }
  return findings;
}

/** The settings have shown that it is one. */
function proxyOf(url: string | null): Proxy | undefined {
  const proxy = url === null ? undefined : parseProxyUrl(url);
  return typeof proxy === "string" ? undefined : proxy;
}

function remedyFor(code: string, proxy: Proxy | undefined, unusedProxies: readonly string[]): Text {
  if (/CERT|SELF_SIGNED|ALTNAME|UNABLE_TO|SSL|TLS|EPROTO/.test(code))
    return proxy === undefined ? api.certificate : proxies.certificateAtTheEnd;
  if (proxy !== undefined) return proxies.silentTunnel;
  const [unused] = unusedProxies;
  if (unused !== undefined) return proxies.unused(unused);
  return code === "ENOTFOUND" || code === "EAI_AGAIN" ? api.unresolved : api.firewall;
}
