import { isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

import { connectAnyAddress } from "@talkme/core/sockets";

import type { AccountSettings } from "../config/settings.ts";
import { errorCodeOf } from "../error-code.ts";
import { api } from "../language/findings/machine.ts";
import type { Text } from "../language/text.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";
import { isLoopback } from "../is-loopback.ts";

const deadlineMs = 5000;

/** Can the API's host be reached, and does its certificate prove its name? Connects without sending a request. */
export async function checkApi(
  account: Pick<AccountSettings, "name" | "baseUrl">,
): Promise<readonly Finding[]> {
  const subject = `API of account ${account.name}` as const;
  const url = new URL(account.baseUrl);
  const findings: Finding[] = [];
  // A name without a dot is one of this machine's own network: the simulator in Compose.
  const isOurs = isLoopback(url.hostname) || /^[a-z][\w-]*$/i.test(url.hostname);
  if (url.protocol === "http:" && !isOurs)
    findings.push(warning(subject, api.notEncrypted(url.origin), api.useHttps));
  try {
    await connectTo(url);
    const inTheClear = url.protocol === "http:" && !isLoopback(url.hostname);
    findings.push(ok(subject, inTheClear ? api.answersInTheClear(url.origin) : api.answers(url.origin)));
  } catch (error) {
    const timedOut = error instanceof Error && error.name === "ConnectTimeoutError";
    const code = timedOut ? error.message : (errorCodeOf(error) ?? String(error));
    findings.push(problem(subject, api.unreachable(url.origin, code), remedyFor(code)));
  }
  return findings;
}

async function connectTo(url: URL): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const secure = url.protocol === "https:";
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  const establish = (
    socket: Socket,
    done: (error: Error | null, established: Socket | null) => void,
  ): void => {
    const own = connectTls({ socket, host, ...(isIP(host) === 0 && { servername: host }) });
    own.once("secureConnect", () => done(null, own));
    own.on("error", (error) => done(error, null));
  };
  // Like the client: the first address that answers.
  await new Promise<void>((resolve, reject) => {
    const target = { host, port, timeoutMs: deadlineMs };
    connectAnyAddress(secure ? { ...target, establish } : target, (error, socket) => {
      socket?.destroy();
      if (error === null) resolve();
      else reject(error);
    });
  });
}

function remedyFor(code: string): Text {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return api.unresolved;
  if (/CERT|SELF_SIGNED|ALTNAME|UNABLE_TO|SSL|TLS|EPROTO/.test(code)) return api.certificate;
  return api.firewall;
}
