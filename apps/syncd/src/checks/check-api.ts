import { once } from "node:events";
import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

import type { AccountSettings } from "../config/settings.ts";
import { errorCodeOf } from "../error-code.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";

const deadlineMs = 5000;

/** Can the API's host be reached, and does it prove who it is? Connects, and sends no request. */
export async function checkApi(account: AccountSettings): Promise<readonly Finding[]> {
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
    const remedy =
      "Check the base URL, DNS, the firewall and, for TLS, the machine's clock and certificates.";
    findings.push(problem(subject, `${url.origin} cannot be reached: ${code}.`, remedy));
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

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
