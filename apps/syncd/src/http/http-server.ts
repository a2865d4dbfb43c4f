import { once } from "node:events";
import { createServer, type Server } from "node:http";

import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import type { Context } from "hono";

import { ConfigurationError } from "../configuration-error.ts";
import { errorCodeOf } from "../error-code.ts";
import { wrongSettings } from "../language/findings/settings.ts";
import type { Exposition } from "../metrics/exposition.ts";
import { requireBearer } from "./bearer-token.ts";
import { boundConnections, requestBounds } from "./bound-connections.ts";
import type { Health, HealthReport } from "../service/health.ts";

export interface HttpServerOptions {
  readonly health: Health;
  readonly exposition: Exposition;
  /**
   * The bearer token that `/metrics` and the details of `/readyz` require; null: none. The probes themselves are always
   * open.
   */
  readonly metricsToken: string | null;
  /** What `/readyz?verbose` adds. */
  readonly details: () => Promise<object>;
}

/** Answers Prometheus and the probes; a probe never waits for the database. */
export class HttpServer {
  readonly #server: Server;

  constructor({ health, exposition, metricsToken, details }: HttpServerOptions) {
    const app = new Hono();
    if (metricsToken !== null) {
      const bearer = requireBearer(metricsToken);
      app.use(async (context, next) =>
        context.req.path === "/metrics" || isVerbose(context) ? bearer(context, next) : next(),
      );
    }
    app.get("/metrics", async (context) =>
      context.body(await exposition.text(), 200, { "content-type": exposition.contentType }),
    );
    app.get("/livez", (context) => answer(context, health.live()));
    for (const path of ["/readyz", "/healthz"]) {
      app.get(path, async (context) =>
        answer(context, health.ready(), isVerbose(context) ? await details() : {}),
      );
    }
    const listener = getRequestListener(app.fetch);
    this.#server = createServer(requestBounds, (request, response) => {
      if (!request.socket.destroyed) void listener(request, response);
    });
    boundConnections(this.#server);
  }

  /**
   * @returns The port that it listens on.
   * @throws {ConfigurationError} if the port is taken or the address is not one of this machine.
   */
  async start(host: string, port: number): Promise<number> {
    this.#server.listen(port, host);
    await once(this.#server, "listening").catch((cause: unknown) => {
      const reason = errorCodeOf(cause) ?? String(cause);
      throw new ConfigurationError([wrongSettings.cannotListen(host, port, reason)]);
    });
    const address = this.#server.address();
    return address === null || typeof address === "string" ? port : address.port;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}

function isVerbose(context: Context): boolean {
  return context.req.query("verbose") !== undefined;
}

function answer(context: Context, { ok, ...report }: HealthReport, details: object = {}): Response {
  return context.json({ status: ok ? "ok" : "unavailable", ...report, ...details }, ok ? 200 : 503);
}
