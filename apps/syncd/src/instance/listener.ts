import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { notificationChannel } from "@talkme/outbox/daemon";
import type { Logger } from "pino";
import type { Client, Notification } from "pg";

import { DatabaseClient } from "../database/database-client.ts";
import { describeDatabaseError } from "../database/database-fault.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { backoffMs } from "../policy/backoff.ts";

const checkEveryMs = 10_000;
const checkDeadlineMs = 5000;
const goodbyeMs = 1000;
const reconnect = { baseMs: 500, maxMs: 30_000 };
const deafRetryMs = 60_000;

export interface ListenerOptions {
  /** Null: never listens. */
  readonly url: string | null;
  /** Sends a notification over another connection, as an insert does; false where inserts send none now. */
  readonly notify: (channel: string) => Promise<boolean>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** The connection works, and no notification comes through it. */
class DeafConnectionError extends Error {
  override readonly name = "DeafConnectionError";
}

/**
 * Listens for inserts on a connection of its own, and connects again whenever that is lost or silently dead. Every
 * ten seconds it sends itself a notification over another connection: nothing else shows whether any arrive. Behind
 * PgBouncer in transaction mode `LISTEN` succeeds, and the notifications go nowhere.
 *
 * Only a shortcut: polling finds every row without it.
 */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #probe = `talkme_probe_${randomBytes(6).toString("hex")}`;
  readonly #stop = new AbortController();
  #listening = false;
  #running: Promise<void> = Promise.resolve();
  /** The last problem that was logged; it is logged again only at `debug` until it changes. */
  #lastProblem: string | null = null;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** Whether notifications have been seen to arrive. */
  get listening(): boolean {
    return this.#listening;
  }

  /** False where notifications are switched off. */
  get wanted(): boolean {
    return this.#options.url !== null;
  }

  /** @param onInsert Called when something was inserted, or may have been while notifications did not arrive. */
  start(onInsert: () => void): void {
    if (this.#options.url !== null) this.#running = this.#run(this.#options.url, onInsert);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(url: string, onInsert: () => void): Promise<void> {
    for (let failures = 1; !this.#stop.signal.aborted; failures += 1) {
      let isDeaf = false;
      try {
        await this.#listen(url, onInsert, () => {
          failures = 0;
        });
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.#report(error);
        isDeaf = error instanceof DeafConnectionError;
      }
      this.#listening = false;
      // Rows inserted since then came without a notification.
      onInsert();
      // `onReady` sets the count back.
      const soonMs = backoffMs(reconnect, Math.max(1, failures), reconnect.baseMs, Math.random);
      await this.#pause(isDeaf ? deafRetryMs : soonMs);
    }
  }

  /** Throws when the connection is lost; returns when stopped. */
  async #listen(url: string, onInsert: () => void, onReady: () => void): Promise<void> {
    const { metrics, log } = this.#options;
    const client = new DatabaseClient({
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
      client.on("notification", ({ channel }) => {
        if (channel !== notificationChannel) return;
        metrics.notifications.inc();
        onInsert();
      });
      // One message, so that a pooler cannot tear them apart.
      await client.query(`listen ${notificationChannel}; listen ${this.#probe}`);
      await Promise.race([lost, this.#prove(client)]);
      if (this.#stop.signal.aborted) return;
      this.#listening = true;
      this.#lastProblem = null;
      onReady();
      onInsert();
      log.info("listening for inserts");
      for (;;) {
        await Promise.race([lost, this.#pause(checkEveryMs)]);
        if (this.#stop.signal.aborted) return;
        await Promise.race([lost, this.#prove(client)]);
      }
    } finally {
      client.removeAllListeners("notification");
      client.end().catch(() => "A connection that is lost cannot be closed.");
      // A silently dead connection would keep the process alive for many minutes.
      setTimeout(() => client.connection.stream.destroy(), goodbyeMs).unref();
    }
  }

  /**
   * Shows that a notification from elsewhere arrives.
   *
   * @throws DeafConnectionError where one was sent over a connection that never brought any.
   */
  async #prove(client: Client): Promise<void> {
    const heard = Promise.withResolvers<"heard">();
    const hear = ({ channel }: Notification): void => {
      if (channel === this.#probe) heard.resolve("heard");
    };
    client.on("notification", hear);
    let isSent = false;
    const send = async (): Promise<"heard"> => {
      if (!(await this.#options.notify(this.#probe)))
        throw new Error(
          "The server's queue of notifications is half full, so inserts send none. A session that has used LISTEN is in a long transaction: see pg_stat_activity, of all databases.",
        );
      isSent = true;
      return heard.promise;
    };
    try {
      const outcome = await Promise.race([send(), this.#pause(checkDeadlineMs)]);
      if (outcome === "heard" || this.#stop.signal.aborted) return;
      if (isSent && !this.#listening) throw new DeafConnectionError();
      throw new Error(isSent ? "Notifications no longer arrive." : "No notification could be sent in time.");
    } finally {
      client.off("notification", hear);
    }
  }

  #report(error: unknown): void {
    const { metrics, log } = this.#options;
    metrics.listenFailures.inc();
    const problem = describeDatabaseError(error);
    const isNews = problem.message !== this.#lastProblem;
    this.#lastProblem = problem.message;
    const level = isNews ? "warn" : "debug";
    if (error instanceof DeafConnectionError) {
      log[level](
        "notifications do not arrive, as behind a pooler: polling. Set TALKME_LISTEN_URL to a direct connection, or to off",
      );
    } else log[level](problem, "not listening: polling until the connection is back");
  }

  /** Sleeps until `ms` have passed or the listener is stopped. */
  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => "stopped");
  }
}
