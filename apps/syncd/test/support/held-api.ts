import { createServer, type ServerResponse } from "node:http";

import { vi } from "vitest";

import { listen } from "./listen.ts";

/** An API that accepts every message, and answers when the test says so. */
export class HeldApi {
  readonly url: string;
  /** The recipients' numbers, in the order of the requests. */
  readonly numbers: string[] = [];
  readonly #held = new Map<string, ServerResponse>();

  private constructor(url: string) {
    this.url = url;
  }

  static async open(): Promise<HeldApi> {
    const server = createServer();
    const api = new HeldApi(await listen(server));
    server.on("request", (request, response) => {
      const number = new URL(request.url ?? "/", api.url).searchParams.get("num_dest") ?? "";
      api.numbers.push(number);
      api.#held.set(number, response);
    });
    return api;
  }

  /** Waits until these are on the wire. */
  async holds(...numbers: readonly string[]): Promise<void> {
    await vi.waitFor(
      () => {
        const missing = numbers.filter((number) => !this.#held.has(number));
        if (missing.length > 0) throw new Error(`Not on the wire: ${missing.join(", ")}`);
      },
      { timeout: 30_000 },
    );
  }

  accept(number: string): void {
    this.#held.get(number)?.end("100000000001");
    this.#held.delete(number);
  }

  refuse(number: string): void {
    this.#held.get(number)?.writeHead(400).end("");
    this.#held.delete(number);
  }
}
