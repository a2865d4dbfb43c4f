import { TalkmeError } from "../errors/talkme-error.ts";
import type { Accepted } from "./accepted.ts";
import type { Logger, RequestEvent, ResponseEvent } from "./call-events.ts";
import type { ValidOptions } from "./parse-options.ts";
import { undisturbed } from "./undisturbed.ts";

/** Reports each request and its end to the hooks and the logger of a client. */
export class CallObserver {
  readonly #onRequest: ValidOptions["onRequest"];
  readonly #onResponse: ValidOptions["onResponse"];
  readonly #logger: Logger | undefined;

  private constructor({
    onRequest,
    onResponse,
    logger,
  }: Pick<ValidOptions, "onRequest" | "onResponse" | "logger">) {
    this.#onRequest = onRequest;
    this.#onResponse = onResponse;
    this.#logger = logger;
  }

  /** Null where nobody watches, so that calls cost nothing more. */
  static of(options: Pick<ValidOptions, "onRequest" | "onResponse" | "logger">): CallObserver | null {
    const { onRequest, onResponse, logger } = options;
    return (onRequest ?? onResponse ?? logger) ? new CallObserver(options) : null;
  }

  /** Makes a request, and reports it before and after. */
  async observe(request: RequestEvent, run: () => Promise<Accepted>): Promise<Accepted> {
    const startedMs = performance.now();
    this.#report(request);
    try {
      const accepted = await run();
      const { outcome, httpStatus, rule } = accepted;
      this.#reportEnd({ ...request, outcome, code: null, httpStatus, rule, durationMs: since(startedMs) });
      return accepted;
    } catch (error) {
      if (error instanceof TalkmeError) {
        const { outcome, code, httpStatus = null, rule = null } = error;
        this.#reportEnd({ ...request, outcome, code, httpStatus, rule, durationMs: since(startedMs) });
      }
      throw error;
    }
  }

  #report(event: RequestEvent): void {
    const { action, method, url } = event;
    undisturbed("onRequest", () => this.#onRequest?.(event));
    undisturbed("logger", () => this.#logger?.debug(`talkme-core: ${action}, ${method} ${url}`, event));
  }

  #reportEnd(event: ResponseEvent): void {
    const { action, method, url, outcome, code, httpStatus, durationMs } = event;
    const answer = httpStatus === null ? "no answer" : `HTTP ${httpStatus}`;
    const what = code === null ? outcome : `${outcome} (${code})`;
    const text = `talkme-core: ${action}, ${method} ${url}: ${what}, ${answer}, ${Math.round(durationMs)} ms`;
    undisturbed("onResponse", () => this.#onResponse?.(event));
    undisturbed("logger", () =>
      outcome === "accepted" ? this.#logger?.debug(text, event) : this.#logger?.warn(text, event),
    );
  }
}

function since(startedMs: number): number {
  return performance.now() - startedMs;
}
