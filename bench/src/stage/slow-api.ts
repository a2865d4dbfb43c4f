import { once } from "node:events";
import { createServer, type Server } from "node:http";

import type { CountingApi } from "../measure/drain.ts";

/** Answers after a delay, in the benchmark's own process, to measure arrivals with one clock. */
export class SlowApi implements CountingApi, AsyncDisposable {
  readonly url: string;
  readonly #server: Server;
  #served = 0;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** @param onRequest Called with each request's complete body. */
  static async start(latencyMs: number, onRequest: (body: string) => void = () => {}): Promise<SlowApi> {
    const server = createServer();
    server.keepAliveTimeout = 60_000;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("No free port was found.");
    const api = new SlowApi(server, `http://127.0.0.1:${address.port}`);
    server.on("request", (request, response) => {
      const answer = (): void => {
        api.#served += 1;
        response.end("100000000001");
      };
      let body = "";
      request.on("data", (chunk) => (body += String(chunk)));
      request.on("end", () => {
        onRequest(body);
        if (latencyMs === 0) answer();
        else setTimeout(answer, latencyMs);
      });
    });
    return api;
  }

  async countServed(): Promise<number> {
    return Promise.resolve(this.#served);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
