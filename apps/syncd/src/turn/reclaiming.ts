import { reclaim } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { LostTurns } from "../careful/lost-turns.ts";
import type { Database } from "../database/database.ts";
import type { Instance } from "../instance/instance.ts";
import type { ClaimPlanner } from "../lanes/claim-planner.ts";
import { aboutRefused } from "../logging/row-in-log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Dispatcher } from "../sending/dispatcher.ts";
import type { UnsettledAnswers } from "../sending/unsettled-answers.ts";
import type { Recovery } from "./recovery.ts";

/** How often to look for rows that are ours without our knowing, when no statement was lost. */
const reclaimEveryMs = 10_000;

export interface ReclaimingParts {
  readonly database: Database;
  readonly instance: Instance;
  readonly planner: ClaimPlanner;
  readonly dispatcher: Dispatcher;
  readonly unsettled: UnsettledAnswers;
  readonly turns: LostTurns;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * Gives back rows that were claimed in our name and never reached us, because the connection broke. Not only right after
 * that: a statement that was given up may be committed much later.
 */
export class Reclaiming {
  readonly #parts: ReclaimingParts;
  readonly #recovery: Recovery;
  #dueAtMs = performance.now() + reclaimEveryMs;

  constructor(parts: ReclaimingParts, recovery: Recovery) {
    this.#parts = parts;
    this.#recovery = recovery;
  }

  isDue(nowMs: number): boolean {
    return nowMs >= this.#dueAtMs;
  }

  /** Only between two turns, when no claim of ours is under way whose answer may still come. */
  async reclaim(): Promise<void> {
    const { database, instance, planner, dispatcher, unsettled, turns, metrics, log } = this.#parts;
    if (this.#recovery.statementLost) await instance.outdate();
    const known = {
      claims: [...dispatcher.claims, ...unsettled.claims],
      lost: turns.ranges,
      last: turns.last,
    };
    const { released, forgotten } = await reclaim(database.kysely, instance.name, known, (refused) =>
      log.error(aboutRefused(refused), "a row of a lost claim cannot be given back"),
    );
    if (released.length > 0) {
      planner.lookSoon();
      log.warn(
        { ids: released.slice(0, 20), count: released.length, status: "pending" },
        "rows were claimed by a statement whose answer was lost: they are pending again",
      );
    }
    if (forgotten.length > 0) {
      metrics.forgottenAnswers.inc(forgotten.length);
      log.error(
        { ids: forgotten.slice(0, 20), count: forgotten.length, status: "unknown", code: "answer_forgotten" },
        "these rows were sending, although their answers have been written: they are unknown",
      );
    }
    this.#dueAtMs = performance.now() + reclaimEveryMs;
    this.#recovery.reclaimed();
  }
}
