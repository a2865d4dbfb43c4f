import { parseProxyUrl, ProxyError, tryConnection, type Proxy } from "@talkme/core/sockets";

import type { AccountSettings } from "../config/settings.ts";
import { errorCodeOf } from "../error-code.ts";
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
  const subject = `API of account ${name}`;
  const url = new URL(baseUrl);
  const findings: Finding[] = [];
  // A name without a dot is one of this machine's own network: the simulator in Compose.
  const isOurs = isLoopback(url.hostname) || /^[a-z][\w-]*$/i.test(url.hostname);
  if (url.protocol === "http:" && !isOurs) {
    findings.push(
      warning(
        subject,
        `${url.origin} is not encrypted: the token travels in the clear.`,
        "Use an https:// base URL.",
      ),
    );
  }
  const proxy = proxyOf(proxyUrl);
  const way = proxy === undefined ? "" : ` through the proxy ${proxy.place}`;
  try {
    await tryConnection(url, { timeoutMs: deadlineMs, proxy });
    const inTheClear = url.protocol === "http:" && !isLoopback(url.hostname) ? " It is not encrypted." : "";
    findings.push(ok(subject, `${url.origin} answers${way}; nothing was sent.${inTheClear}`));
  } catch (error) {
    if (error instanceof ProxyError) {
      findings.push(
        problem(subject, `${url.origin} cannot be reached: ${error.message}.`, remedyOfProxy(error)),
      );
    } else {
      const timedOut = error instanceof Error && error.name === "ConnectTimeoutError";
      const code = timedOut ? error.message : (errorCodeOf(error) ?? String(error));
      const remedy = remedyFor(code, proxy, unusedProxies);
      findings.push(problem(subject, `${url.origin} cannot be reached${way}: ${code}.`, remedy));
    }
  }
  return findings;
}

/** The settings have shown that it is one. */
function proxyOf(url: string | null): Proxy | undefined {
  const proxy = url === null ? undefined : parseProxyUrl(url);
  return typeof proxy === "string" ? undefined : proxy;
}

function remedyFor(code: string, proxy: Proxy | undefined, unusedProxies: readonly string[]): string {
  if (/CERT|SELF_SIGNED|ALTNAME|UNABLE_TO|SSL|TLS|EPROTO/.test(code)) {
    return proxy === undefined
      ? "The certificate does not prove the host's name: check the base URL, the machine's clock and its certificate authorities (NODE_EXTRA_CA_CERTS)."
      : "The certificate at the end of the proxy's tunnel does not prove the API's name. A proxy that opens TLS has an authority of its own: name its certificate in NODE_EXTRA_CA_CERTS, or have the proxy leave this host alone. Check the machine's clock, too.";
  }
  if (proxy !== undefined) {
    return "The proxy opened a tunnel, and the API did not answer at its end: ask who runs the proxy.";
  }
  const [unused] = unusedProxies;
  if (unused !== undefined) {
    return `${unused} is set, and syncd does not use it: if this machine needs a proxy, put its URL into TALKME_PROXY_URL.`;
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return "The host's name cannot be resolved: correct the base URL, or this machine's DNS. Behind a proxy, set TALKME_PROXY_URL.";
  }
  return "Check the base URL and the firewall: this machine must reach it directly, or through the proxy of TALKME_PROXY_URL.";
}
