import { once } from "node:events";
import { get } from "node:http";
import { createServer } from "node:net";

import { errorCodeOf } from "../error-code.ts";
import { http } from "../language/findings/machine.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";
import { isLoopback } from "../is-loopback.ts";

const subject = "HTTP";
const deadlineMs = 3000;

export interface HttpPlace {
  readonly host: string;
  readonly port: number;
  /** Whether `/metrics` requires a token, or somebody has decided that the network is protection enough. */
  readonly isProtected: boolean;
}

/** Can the daemon listen where Prometheus and the probes expect it, and who else can connect? */
export async function checkHttp({ host, port, isProtected }: HttpPlace): Promise<readonly Finding[]> {
  const place = `${host}:${port}`;
  const findings: Finding[] = [];
  if (!isLoopback(host) && !isProtected) findings.push(warning(subject, http.open(place), http.protect));
  const trouble = await troubleListening(host, port);
  if (trouble === null) return [...findings, ok(subject, http.free(place))];
  if (trouble === "EADDRINUSE" && (await isSyncd(host, port))) {
    return [...findings, ok(subject, http.running(place))];
  }
  const remedy = trouble === "EADDRINUSE" ? http.otherPort : http.ownAddress;
  return [...findings, problem(subject, http.cannotListen(place, trouble), remedy)];
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

/** Whether the program on that port answers as syncd does. */
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
