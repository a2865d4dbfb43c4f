import { claimKey, recallClaims, settleAgain, type LostClaim } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Database } from "../database/database.ts";
import { aboutRefused } from "../logging/row-in-log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { ClaimMemory } from "../sending/claim-memory.ts";
import { settlementAt } from "../sending/made-attempt.ts";

/** Rows in a statement: what is remembered may be thousands of them. */
const batchSize = 500;

/** How often to come back for rows that somebody has locked, before going on without them. */
const mostRounds = 5;

export interface RecallParts {
  readonly database: Database;
  readonly memory: ClaimMemory;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Tells a changed database what this process remembers of before the change. */
export class Recall {
  readonly #parts: RecallParts;
  readonly #era: string | null;
  readonly #missing = new Set<string>();
  readonly #doubted = new Set<string>();
  #rounds = 0;

  /** @param era Claims of this one count where they are missing: earlier ones were compared before. */
  constructor(parts: RecallParts, era: string | null) {
    this.#parts = parts;
    this.#era = era;
  }

  /** How many claims the database has lost. */
  get missing(): number {
    return this.#missing.size;
  }

  /** @returns False where somebody has locked a row, so that another round is needed. */
  async round(): Promise<boolean> {
    this.#rounds += 1;
    const areLocked = await this.#restoreClaims();
    await this.#settleAgain();
    return !areLocked || this.#rounds >= mostRounds;
  }

  async #restoreClaims(): Promise<boolean> {
    const { database, memory, metrics, log } = this.#parts;
    const claims = memory.claims(performance.now());
    const counted = new Set(claims.filter(({ era }) => era === this.#era).map(claimKey));
    const restored: LostClaim[] = [];
    const locked: LostClaim[] = [];
    for (let from = 0; from < claims.length; from += batchSize) {
      const batch = claims.slice(from, from + batchSize);
      const found = await recallClaims(database.kysely, batch, (refused) =>
        log.error(aboutRefused(refused), "a row that was sent before the change cannot be marked"),
      );
      for (const claim of found.doubted) this.#doubted.add(claimKey(claim));
      for (const key of Object.values(found).flat().map(claimKey))
        if (counted.has(key)) this.#missing.add(key);
      restored.push(...found.restored, ...found.doubted);
      locked.push(...found.locked);
    }
    if (restored.length > 0) {
      metrics.recalledRows.inc(restored.length);
      const ids = restored.slice(0, 20).map(({ id }) => id);
      log.warn({ ids, count: restored.length }, "rows were pending again that this instance had sent");
    }
    if (locked.length > 0 && this.#rounds >= mostRounds) {
      const ids = locked.slice(0, 20).map(({ id }) => id);
      log.error({ ids, count: locked.length }, "rows that were sent before the change cannot be marked");
    }
    return locked.length > 0;
  }

  async #settleAgain(): Promise<void> {
    const { database, memory, metrics, log } = this.#parts;
    const nowMs = performance.now();
    const answers = memory.answers(this.#doubted);
    for (let from = 0; from < answers.length; from += batchSize) {
      const batch = answers.slice(from, from + batchSize).map((answer) => settlementAt(answer, nowMs));
      const { gone } = await settleAgain(database.kysely, batch, (refused) =>
        log.error(aboutRefused(refused), "an answer cannot be stored"),
      );
      if (gone.length === 0) continue;
      metrics.acceptedWithoutRow.inc(gone.length);
      log.error({ ids: gone.slice(0, 20), count: gone.length }, "accepted messages have no row any more");
    }
  }
}
