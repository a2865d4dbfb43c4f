import type { IncomingMessage, ServerResponse } from "node:http";
import { apiRequest, noBody, parseBody, type ApiRequest } from "../api/api-request.ts";
import { Refusal } from "../api/refusal.ts";
import { requestFacts } from "../api/request-facts.ts";
import type { Decision } from "../script/decision.ts";
import { replyOf } from "../script/delivery.ts";
import type { Script } from "../script/script.ts";
import type { AnsweredRequest } from "./answered-request.ts";
import { deliver } from "./deliver.ts";

const scriptPath = "/dbdial_webapi.php";
const maxBodyBytes = 1_048_576;

/** Reads requests to the script from the wire. */
export class ScriptHandler {
  readonly #script: Script;
  readonly #onRequest: ((request: AnsweredRequest) => void) | null;

  constructor(script: Script, onRequest: ((request: AnsweredRequest) => void) | null) {
    this.#script = script;
    this.#onRequest = onRequest;
  }

  handle(incoming: IncomingMessage, response: ServerResponse): void {
    const ordinal = this.#script.receive();
    const { method = "", url = "" } = incoming;
    const request = apiRequest(method, rawQueryOf(url), noBody);
    if (!isScriptPath(url)) {
      const decision = this.#script.refuse(
        new Refusal("unknown-path", `the API has one path, ${scriptPath}`),
      );
      this.#finish(request, ordinal, decision, response);
      return;
    }
    const dropped = this.#script.mayDropUnread ? this.#script.dropUnread(request, ordinal) : null;
    if (dropped !== null) {
      this.#finish(request, ordinal, dropped, response);
    } else if (method === "POST") {
      this.#readBody(incoming, request, ordinal, response);
    } else {
      this.#finish(request, ordinal, this.#script.decide(request, ordinal), response);
    }
  }

  /** An incomplete body is never decided: its client is gone. */
  #readBody(incoming: IncomingMessage, request: ApiRequest, ordinal: number, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBodyBytes) chunks.push(chunk);
    });
    incoming.once("end", () => {
      const complete = { ...request, body: parseBody(Buffer.concat(chunks)) };
      const decision =
        bytes > maxBodyBytes
          ? this.#script.refuse(new Refusal("body-too-large", `the body is over ${maxBodyBytes} bytes`))
          : this.#script.decide(complete, ordinal);
      this.#finish(complete, ordinal, decision, response);
    });
  }

  #finish(request: ApiRequest, ordinal: number, decision: Decision, response: ServerResponse): void {
    this.#onRequest?.({
      ...requestFacts(request),
      ordinal,
      method: request.method,
      accepted: decision.accepted,
      answered: decision.answered,
      reason: decision.reason,
      status: replyOf(decision.delivery)?.status ?? null,
    });
    deliver(response, decision);
  }
}

function isScriptPath(url: string): boolean {
  return url.startsWith(scriptPath) && (url.length === scriptPath.length || url[scriptPath.length] === "?");
}

function rawQueryOf(url: string): string {
  const start = url.indexOf("?");
  return start === -1 ? "" : url.slice(start + 1);
}
