import { isUnconfirmed } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import { databaseFault, describeDatabaseError } from "../database/database-fault.ts";
import type { Database } from "../database/database.ts";
import type { StandbyWatch } from "../instance/standby-watch.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { backoffMs } from "../policy/backoff.ts";
import type { UnsettledAnswers } from "../sending/unsettled-answers.ts";
import type { Wakeup } from "../sending/wakeup.ts";
import type { Health } from "../service/health.ts";

const reconnect = { baseMs: 100, maxMs: 5000 };

export interface RecoveryParts {
  readonly database: Database;
  readonly standby: StandbyWatch;
  readonly unsettled: UnsettledAnswers;
  readonly wakeup: Wakeup;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly log: Logger;
}

/** Whether the database works, and what to do when it does not: new connections, and a pause that grows. */
export class Recovery {
  readonly #parts: RecoveryParts;
  #failures = 0;
  #statementLost = false;

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
  }

  /** Whether something has failed since the database last answered. */
  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /** Whether the fate of a statement is unknown: it may have claimed rows, or do so yet. */
  get statementLost(): boolean {
    return this.#statementLost;
  }

  /** The database, or something on the way to it, does not work. */
  failed(error: unknown): void {
    const { database, unsettled, metrics, health, log } = this.#parts;
    const fault = databaseFault(error);
    if (isUnconfirmed(error)) this.#parts.standby.lost();
    const description = describeDatabaseError(error);
    metrics.databaseErrors.inc();
    health.databaseFailed(description.message);
    this.#failures += 1;
    log.error({ ...description, fault, backlog: unsettled.backlog }, "database error");
    if (fault === "refused") return;
    this.#statementLost = true;
    database.replace();
  }

  answered(): void {
    this.#parts.health.databaseAnswered();
    this.#failures = 0;
  }

  /** What lost statements have claimed is given back. */
  reclaimed(): void {
    const { unsettled, log } = this.#parts;
    if (this.isFailing) log.info({ backlog: unsettled.backlog }, "database is back");
    this.#statementLost = false;
    this.answered();
  }

  /** Waits before the next try. An answer that arrives wakes the loop; the pause has to last all the same. */
  async pause(giveUp: AbortSignal): Promise<void> {
    const ms = backoffMs(reconnect, this.#failures, reconnect.baseMs / 2, Math.random);
    for (const endMs = performance.now() + ms; performance.now() < endMs && !giveUp.aborted;) {
      await this.#parts.wakeup.wait(endMs - performance.now());
    }
  }
}
