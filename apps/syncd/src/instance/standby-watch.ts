import { setTimeout as sleep } from "node:timers/promises";

import { isUnconfirmed, probeStandby, type Durability, type StandbyObstacle } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Database } from "../database/database.ts";
import { describeDatabaseError } from "../database/database-fault.ts";
import type { Health } from "../service/health.ts";

const askAgainMs = 500;

const obstacles: Readonly<Record<StandbyObstacle, string>> = {
  no_standby_named: "synchronous_standby_names is empty",
  no_walsenders: "max_wal_senders is 0",
};

const silence = "no standby of synchronous_standby_names confirms commits";

export interface StandbyWatchOptions {
  readonly durability: Durability;
  readonly database: Database;
  readonly health: Health;
  readonly log: Logger;
  /** Called when commits are confirmed again. */
  readonly onConfirmed: () => void;
}

/**
 * Whether a synchronous standby confirms commits. While it does not, the turns claim nothing: a claim that waits in vain would keep
 * its rows locked. Instead it has a commit confirmed that touches no row, beside the turns, until one is. With `local` it never waits.
 */
export class StandbyWatch {
  readonly #options: StandbyWatchOptions;
  readonly #stop = new AbortController();
  #isWaiting: boolean;

  constructor(options: StandbyWatchOptions) {
    this.#options = options;
    // The first confirmation is that of the registration, too.
    this.#isWaiting = options.durability === "standby";
  }

  /** Whether nothing may be claimed now. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** Begins to ask, where the claims have to be confirmed. */
  start(): void {
    if (this.#isWaiting) this.#begin("no standby has confirmed a commit yet");
  }

  /** A claim was not confirmed, or could not be. */
  lost(obstacle: StandbyObstacle | null = null): void {
    if (this.#options.durability === "local" || this.#isWaiting) return;
    this.#isWaiting = true;
    this.#begin(obstacle === null ? silence : obstacles[obstacle]);
  }

  /** Asks no more, and does not wait for a question that is under way, which ends with its connection. */
  stop(): void {
    this.#stop.abort();
  }

  #begin(why: string): void {
    const { health, log } = this.#options;
    health.waitsForStandby(why);
    log.warn({ reason: why }, "waiting for the standby: nothing is sent");
    void this.#ask(why);
  }

  async #ask(first: string): Promise<void> {
    const { health, log, onConfirmed } = this.#options;
    const { signal } = this.#stop;
    for (let last = first; !signal.aborted;) {
      const why = await this.#findObstacle();
      if (signal.aborted) return;
      if (why === null) {
        this.#isWaiting = false;
        health.waitsForStandby(null);
        log.info("the standby confirms commits");
        onConfirmed();
        return;
      }
      if (why !== last) log.warn({ reason: why }, "waiting for the standby: nothing is sent");
      last = why;
      health.waitsForStandby(why);
      await sleep(askAgainMs, undefined, { signal }).catch(() => "stopped");
    }
  }

  /** @returns Null once a commit was confirmed. A wait in vain ends with the deadline of the statement. */
  async #findObstacle(): Promise<string | null> {
    const { database } = this.#options;
    try {
      const obstacle = await probeStandby(database.kysely);
      return obstacle === null ? null : obstacles[obstacle];
    } catch (error) {
      return isUnconfirmed(error) ? silence : `${silence}: ${describeDatabaseError(error).message}`;
    }
  }
}
