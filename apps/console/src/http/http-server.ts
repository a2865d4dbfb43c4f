import { once } from "node:events";
import { createServer, type Server } from "node:http";

import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";

import { ConfigurationError } from "../configuration-error.ts";

/** A request that has begun may end; then the connection is closed. */
const lastRequestMs = 10_000;

export class HttpServer {
  readonly #server: Server;

  constructor(app: Hono) {
    const listener = getRequestListener(app.fetch);
    const bounds = { headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 5000 };
    this.#server = createServer(bounds, (request, response) => void listener(request, response));
  }

  /**
   * @returns The port that it listens on.
   * @throws {ConfigurationError} if the port is taken or the address is not one of this machine.
   */
  async start(host: string, port: number): Promise<number> {
    this.#server.listen(port, host);
    await once(this.#server, "listening").catch((error: unknown) => {
      const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
      throw new ConfigurationError([
        `TALKME_CONSOLE_HTTP_HOST and TALKME_CONSOLE_HTTP_PORT: cannot listen on ${host}:${port} (${code}).`,
      ]);
    });
    const address = this.#server.address();
    return address === null || typeof address === "string" ? port : address.port;
  }

  /** Lets requests end that have begun. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeIdleConnections();
    const tooLong = setTimeout(() => this.#server.closeAllConnections(), lastRequestMs);
    await closed;
    clearTimeout(tooLong);
  }
}
