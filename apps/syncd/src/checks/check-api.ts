import { parseProxyUrl, ProxyError, tryConnection, type Proxy } from "@talkme/core/sockets";

import type { AccountSettings } from "../config/settings.ts";
import { errorCodeOf } from "../error-code.ts";
import { api } from "../language/findings/machine.ts";
import { proxy as says } from "../language/findings/proxy.ts";
import type { Text } from "../language/text.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";
import { isLoopback } from "../is-loopback.ts";
import { isCertificateCode, remedyOfProxy } from "./remedy-of-proxy.ts";

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
  const { origin } = url;
  const findings: Finding[] = [];
  // A name without a dot is one of this machine's own network: the simulator in Compose.
  const isOurs = isLoopback(url.hostname) || /^[a-z][\w-]*$/i.test(url.hostname);
  if (url.protocol === "http:" && !isOurs) {
    findings.push(warning(subject, api.notEncrypted(origin), api.useHttps));
  }
  const proxy = proxyOf(proxyUrl);
  try {
    await tryConnection(url, { timeoutMs: deadlineMs, proxy });
    const inTheClear = url.protocol === "http:" && !isLoopback(url.hostname);
    const direct = inTheClear ? api.answersInTheClear(origin) : api.answers(origin);
    findings.push(ok(subject, proxy === undefined ? direct : says.answers(origin, proxy.place)));
  } catch (error) {
    findings.push(
      error instanceof ProxyError
        ? problem(subject, api.unreachable(origin, error.message), remedyOfProxy(error))
        : unreachable(subject, origin, error, proxy, unusedProxies),
    );
  }
  return findings;
}

/** The settings have shown that it is one. */
function proxyOf(url: string | null): Proxy | undefined {
  const proxy = url === null ? undefined : parseProxyUrl(url);
  return typeof proxy === "string" ? undefined : proxy;
}

function unreachable(
  subject: Finding["subject"],
  origin: string,
  error: unknown,
  proxy: Proxy | undefined,
  unusedProxies: readonly string[],
): Finding {
  const timedOut = error instanceof Error && error.name === "ConnectTimeoutError";
  const code = timedOut ? error.message : (errorCodeOf(error) ?? String(error));
  if (proxy === undefined)
    return problem(subject, api.unreachable(origin, code), remedyFor(code, unusedProxies));
  const remedy = isCertificateCode(code) ? says.certificateInTunnel : says.silentEnd;
  return problem(subject, says.unreachable(origin, proxy.place, code), remedy);
}

function remedyFor(code: string, [unused]: readonly string[]): Text {
  if (isCertificateCode(code)) return api.certificate;
  if (unused !== undefined) return says.useOurs(unused);
  return code === "ENOTFOUND" || code === "EAI_AGAIN" ? api.unresolved : api.firewall;
}
