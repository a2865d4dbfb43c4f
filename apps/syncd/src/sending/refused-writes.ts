import { listCustomersTriggers, type SettleAndClaimResult } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Database } from "../database/database.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Health } from "../service/health.ts";
import type { Refusals, UnsettledAnswers } from "./unsettled-answers.ts";

/** How often to ask for the triggers, and to log that one suppresses a write. */
const reportEveryMs = 10_000;

export interface RefusedWritesParts {
  readonly database: Database;
  readonly unsettled: UnsettledAnswers;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly log: Logger;
}

/** Writes that a statement was to make and did not, although it succeeded: a trigger suppressed or changed them. */
export class RefusedWrites {
  readonly #parts: RefusedWritesParts;
  /** Whether `/readyz` says so. */
  #isReported = false;
  /** The triggers that may be why, as of the last time that they were asked for. */
  #triggers: readonly string[] = [];
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: RefusedWritesParts) {
    this.#parts = parts;
  }

  /** The answers among them; null where all were written. Asks the database nothing: what was taken must not count as written. */
  of({ suppressedSettlements, changed }: SettleAndClaimResult): Refusals | null {
    const refused = suppressedSettlements.length + changed.length;
    if (refused === 0) return null;
    this.#parts.metrics.refusedSettlements.inc(refused);
    return {
      suppressed: new Set(suppressedSettlements),
      changed: new Set(changed),
      triggers: this.#triggers,
    };
  }

  /** Logs them. Only after the claimed rows are on their way, because it may ask the database. */
  async report({
    suppressedSettlements,
    changed,
    keptByTrigger,
    rewritten,
  }: SettleAndClaimResult): Promise<void> {
    const { unsettled, health, log } = this.#parts;
    if (changed.length > 0) {
      log.error(
        { ids: changed.slice(0, 20), count: changed.length, status: "unknown", code: "row_changed" },
        "rows were given another recipient while their messages were on the wire",
      );
    }
    if (suppressedSettlements.length > 0) {
      this.#isReported = true;
      await this.#name(suppressedSettlements, "not settled");
      const names = this.#triggers.join(", ");
      health.triggersSuppress(
        `a trigger of talkme.outbox suppresses what is to be written of ${unsettled.refused} rows (${names || "none is to be seen"})`,
      );
    } else if (this.#isReported && unsettled.refused === 0) {
      this.#isReported = false;
      health.triggersSuppress(null);
    }
    const unsent = [...keptByTrigger, ...rewritten].map(({ id }) => id);
    if (unsent.length > 0) await this.#name(unsent, "not sent");
  }

  async #name(ids: readonly string[], consequence: string): Promise<void> {
    const { database, log } = this.#parts;
    const nowMs = performance.now();
    if (nowMs - this.#askedAtMs < reportEveryMs) return;
    this.#triggers = await listCustomersTriggers(database.kysely);
    this.#askedAtMs = nowMs;
    log.error(
      { ids: ids.slice(0, 20), count: ids.length, triggers: this.#triggers, consequence },
      "a trigger of talkme.outbox suppresses what is to be written",
    );
  }
}
