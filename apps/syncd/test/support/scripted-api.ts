import { createServer } from "node:http";
import { once } from "node:events";

import { onTestFinished } from "vitest";

/** An answer, byte by byte. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** An API that answers as no healthy one does, with bytes that the simulator has no fault for. */
export interface ScriptedApi {
  readonly url: string;
  /** The recipients' numbers, in the order of the requests. */
  readonly numbers: readonly string[];
}

/** Starts one that answers by the number in the request (method 1), and all other requests alike. */
export async function startScriptedApi(
  answers: Readonly<Record<string, ScriptedAnswer>>,
  others: ScriptedAnswer | ((query: URLSearchParams) => ScriptedAnswer) = { body: "100000000001" },
): Promise<ScriptedApi> {
  const numbers: string[] = [];
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://localhost");
    const number = searchParams.get("num_dest") ?? "";
    numbers.push(number);
    const answer = answers[number] ?? (typeof others === "function" ? others(searchParams) : others);
    const { status = 200, headers = {}, body } = answer;
    response.writeHead(status, { "content-type": "text/html", ...headers }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, numbers };
}
