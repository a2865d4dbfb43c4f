import { Agent, request } from "undici";

import { apiPath } from "../message.ts";

/** The HTTP call of every peer: undici's `request`, over as many connections as may be in flight. */
export class Poster {
  readonly #agent: Agent;
  readonly #url: string;

  constructor(apiUrl: string, connections: number) {
    this.#agent = new Agent({ connections, pipelining: 1 });
    this.#url = `${apiUrl}${apiPath}`;
  }

  async post(message: unknown): Promise<void> {
    const { statusCode, body } = await request(this.#url, {
      dispatcher: this.#agent,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
    });
    await body.text();
    if (statusCode !== 200) throw new Error(`The API answered ${statusCode}.`);
  }
}
