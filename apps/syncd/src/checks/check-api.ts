import { once } from "node:events";
import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

import type { AccountSettings } from "../config/settings.ts";
import { errorCodeOf } from "../error-code.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";
import { isLoopback } from "../is-loopback.ts";

const deadlineMs = 5000;

/** Can the API's host be reached, and does it prove who it is? Connects, and sends no request. */
export async function checkApi(
  account: Pick<AccountSettings, "name" | "baseUrl">,
): Promise<readonly Finding[]> {
  const subject = `API of account ${account.name}`;
  const url = new URL(account.baseUrl);
  const findings: Finding[] = [];
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    findings.push(
      warning(
        subject,
        `${url.origin} is not encrypted: the token travels in the clear.`,
        "Use an https:// base URL.",
      ),
    );
  }
  try {
    await connectTo(url);
    findings.push(ok(subject, `${url.origin} can be reached; nothing was sent.`));
  } catch (error) {
    const code = errorCodeOf(error) ?? String(error);
    findings.push(problem(subject, `${url.origin} cannot be reached: ${code}.`, remedyFor(code)));
  }
  return findings;
}

async function connectTo(url: URL): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const secure = url.protocol === "https:";
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  const socket: Socket = secure
    ? connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }) })
    : connectPlain({ host, port });
  try {
    const signal = AbortSignal.timeout(deadlineMs);
    await once(socket, secure ? "secureConnect" : "connect", { signal });
  } catch (error) {
    throw error instanceof Error && error.name === "AbortError"
      ? new Error(`no connection within ${deadlineMs / 1000} s`, { cause: error })
      : error;
  } finally {
    socket.destroy();
  }
}

function remedyFor(code: string): string {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return "The host's name cannot be resolved: correct the base URL, or this machine's DNS.";
  }
  if (/CERT|SELF_SIGNED|ALTNAME|UNABLE_TO|SSL|TLS|EPROTO/.test(code)) {
    return "The host does not prove that it is the one of the base URL: check that, the machine's clock and its certificate authorities (NODE_EXTRA_CA_CERTS).";
  }
  return "Check the base URL and the firewall: this machine must reach it directly, proxies are not used.";
}
