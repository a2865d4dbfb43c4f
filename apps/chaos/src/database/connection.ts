import { setTimeout as sleep } from "node:timers/promises";

import { Client, type QueryResultRow } from "pg";

/** A URL, or how to find the one of the moment: where the leader is. */
export type Whereabouts = string | (() => Promise<string>);

const connectTimeoutMs = 5000;
/** A leader that stands still answers nothing; what else disturbs a database ends by itself. */
const leaderTimeoutMs = 5000;
const retryEveryMs = 100;
const goodbyeMs = 1000;

/**
 * The scenario's own connection, which the faults break too: after a failure the next statement reconnects. Statements
 * run one at a time.
 */
export class Connection implements AsyncDisposable {
  readonly #url: Whereabouts;
  readonly #name: string;
  #client: Client | null = null;
  #last: Promise<unknown> = Promise.resolve();

  /** @param name What PostgreSQL shows as its application. */
  constructor(url: Whereabouts, name: string) {
    this.#url = url;
    this.#name = name;
  }

  /** @throws The driver's error; whether the statement took effect is then unknown. */
  async query<Row extends QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const rows = this.#last.then(() => this.#run<Row>(text, values));
    this.#last = rows.catch(() => "The caller handles it.");
    return rows;
  }

  /**
   * The same for a query, repeated until the server answers.
   *
   * @throws The last error, if it does not answer within `deadlineMs`.
   */
  async ask<Row extends QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
    deadlineMs = 60_000,
  ): Promise<readonly Row[]> {
    const endMs = performance.now() + deadlineMs;
    for (;;) {
      try {
        return await this.query<Row>(text, values);
      } catch (error) {
        if (performance.now() >= endMs) throw error;
        await sleep(retryEveryMs);
      }
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    if (client === null) return;
    // A server that stands still does not say goodbye.
    const ended = client.end().catch(() => "It was broken.");
    await Promise.race([ended, sleep(goodbyeMs, undefined, { ref: false })]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #run<Row extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    try {
      this.#client ??= await this.#connect();
      return (await this.#client.query<Row>(text, [...values])).rows;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async #connect(): Promise<Client> {
    const client = new Client({
      ...(typeof this.#url === "string"
        ? { connectionString: this.#url }
        : { connectionString: await this.#url(), query_timeout: leaderTimeoutMs }),
      application_name: this.#name,
      connectionTimeoutMillis: connectTimeoutMs,
    });
    // A lost connection makes the next statement fail; without a listener it would end the process.
    client.on("error", () => {});
    await client.connect();
    return client;
  }
}
