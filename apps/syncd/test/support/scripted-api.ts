import { createServer } from "node:http";

import { listen } from "./listen.ts";

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
  return { url: await listen(server), numbers };
}
