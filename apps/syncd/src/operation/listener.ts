import { setTimeout as sleep } from "node:timers/promises";

import { notificationChannel } from "@talkme/outbox/daemon";
import type { Logger } from "pino";
import { Client } from "pg";

import { describeDatabaseError } from "../database/database-fault.ts";
import { backoffMs } from "../policy/backoff.ts";

const checkEveryMs = 10_000;
const checkDeadlineMs = 5000;
const reconnect = { baseMs: 500, maxMs: 30_000 };

/**
 * Listens for inserts on a connection of its own, and connects again whenever that is lost, or silently dead: it
 * asks every ten seconds whether it still listens. Only a shortcut: polling finds every row without it.
 */
export class Listener {
  readonly #url: string | null;
  readonly #onNotification: () => void;
  readonly #log: Logger;
  readonly #stop = new AbortController();
  #listening = false;
  #running: Promise<void> = Promise.resolve();

  /** @param url Null: never listens. */
  constructor(url: string | null, onNotification: () => void, log: Logger) {
    this.#url = url;
    this.#onNotification = onNotification;
    this.#log = log;
  }

  get listening(): boolean {
    return this.#listening;
  }

  start(): void {
    if (this.#url !== null) this.#running = this.#run(this.#url);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(url: string): Promise<void> {
    for (let failures = 1; !this.#stop.signal.aborted; failures += 1) {
      try {
        await this.#listen(url, () => {
          failures = 0;
        });
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.#log.warn(describeDatabaseError(error), "not listening: polling until the connection is back");
      }
      this.#listening = false;
      // What was inserted without a notification has to be looked for.
      this.#onNotification();
      await this.#pause(backoffMs(reconnect, failures, reconnect.baseMs, Math.random));
    }
  }

  /** Ends with an error when the connection is lost, and quietly when stopped. */
  async #listen(url: string, onReady: () => void): Promise<void> {
    const client = new Client({
      connectionString: url,
      application_name: "syncd listen",
      connectionTimeoutMillis: checkDeadlineMs,
      query_timeout: checkDeadlineMs,
      keepAlive: true,
    });
    const lost = new Promise<never>((_, reject) => {
      client.on("error", reject);
      client.on("end", () => reject(new Error("The connection for LISTEN was closed.")));
    });
    lost.catch(() => "Also when nobody waits for it any more.");
    try {
      await client.connect();
      client.on("notification", this.#onNotification);
      await client.query(`listen ${notificationChannel}`);
      this.#listening = true;
      onReady();
      this.#onNotification();
      this.#log.info("listening for inserts");
      while (!this.#stop.signal.aborted) {
        await Promise.race([lost, this.#pause(checkEveryMs)]);
        const { rows } = await client.query<{ channel: string }>("select pg_listening_channels() as channel");
        if (!rows.some((row) => row.channel === notificationChannel))
          throw new Error("The connection no longer listens.");
      }
    } finally {
      client.removeAllListeners("notification");
      client.end().catch(() => "A connection that is lost cannot be closed.");
    }
  }

  /** Sleeps until `ms` have passed or the listener is stopped. */
  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => "stopped");
  }
}
