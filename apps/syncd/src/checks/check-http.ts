import { once } from "node:events";
import { get } from "node:http";
import { createServer } from "node:net";

import { errorCodeOf } from "../error-code.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";
import { isLoopback } from "../is-loopback.ts";

const subject = "HTTP";
const deadlineMs = 3000;

export interface HttpPlace {
  readonly host: string;
  readonly port: number;
  /** Whether `/metrics` asks for a token. */
  readonly isProtected: boolean;
}

/** Can the daemon listen where Prometheus and the probes will look, and who else gets there? */
export async function checkHttp({ host, port, isProtected }: HttpPlace): Promise<readonly Finding[]> {
  const place = `${host}:${port}`;
  const findings: Finding[] = [];
  if (!isLoopback(host) && !isProtected) {
    const found = `${place} is open beyond this machine: whoever gets there reads the metrics.`;
    const remedy =
      "Set TALKME_METRICS_TOKEN (and the same in Prometheus), or let a firewall or network policy let in Prometheus alone.";
    findings.push(warning(subject, found, remedy));
  }
  const trouble = await troubleListening(host, port);
  if (trouble === null) return [...findings, ok(subject, `${place} is free.`)];
  if (trouble === "EADDRINUSE" && (await isSyncd(host, port))) {
    return [...findings, ok(subject, `${place} is taken by a syncd that runs already.`)];
  }
  const remedy =
    trouble === "EADDRINUSE"
      ? "Another program has the port: choose another TALKME_HTTP_PORT, or 0 for any free one."
      : "Set TALKME_HTTP_HOST to an address of this machine, and TALKME_HTTP_PORT to a port from 1024 on.";
  return [...findings, problem(subject, `cannot listen on ${place} (${trouble}).`, remedy)];
}

async function troubleListening(host: string, port: number): Promise<string | null> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, "listening");
    return null;
  } catch (error) {
    return errorCodeOf(error) ?? String(error);
  } finally {
    server.close();
  }
}

/** Whether what answers there answers as a daemon of ours does. */
async function isSyncd(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const anyAddress = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  const request = get({ host: anyAddress, port, path: "/livez", agent: false, timeout: deadlineMs });
  request.on("response", (response) => {
    let body = "";
    response.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk.slice(0, 1000);
    });
    response.on("end", () => resolve(/^\{"status":"(?:ok|unavailable)","reasons":\[/.test(body)));
  });
  request.on("timeout", () => request.destroy());
  request.on("error", () => resolve(false));
  return promise;
}
