import {
  blame,
  isFromServer,
  recordAccepted,
  settleCarefully,
  type SettleAndClaimResult,
  type Settlement,
} from "@talkme/outbox/daemon";

import { aboutRefused } from "../logging/row-in-log.ts";
import { backoffMs } from "../policy/backoff.ts";
import { isServerFine, type CarefulParts, type Watched } from "./careful-parts.ts";
import { noteDoubtedAnswers, noteLateAnswers } from "../sending/late-answers.ts";
import { weakerForms } from "./weaker-forms.ts";
import { settlementAt } from "../sending/made-attempt.ts";
import type { SetAside } from "../sending/unsettled-answers.ts";

const waits = { baseMs: 500, maxMs: 10_000 };

/** Writes the answers of failed turns one by one. */
export class CarefulSettlements {
  readonly #parts: CarefulParts;
  readonly #watched: Watched;
  readonly #onLost: (error: unknown) => void;
  #running: Promise<void> | null = null;

  constructor(parts: CarefulParts, watched: Watched, onLost: (error: unknown) => void) {
    this.#parts = parts;
    this.#watched = watched;
    this.#onLost = onLost;
  }

  get isBusy(): boolean {
    return this.#running !== null;
  }

  dueInMs(nowMs: number): number {
    const { aside } = this.#parts.unsettled;
    if (this.isBusy) return Number.POSITIVE_INFINITY;
    return aside.reduce(
      (soonest, { notBeforeMs }) => Math.min(soonest, Math.max(1, notBeforeMs - nowMs)),
      Infinity,
    );
  }

  begin(): void {
    if (this.isBusy || this.#next() === null) return;
    this.#running = this.#settleDue().finally(() => {
      this.#running = null;
    });
  }

  #next(): SetAside | null {
    const nowMs = performance.now();
    const due = this.#parts.unsettled.aside.filter(({ notBeforeMs }) => notBeforeMs <= nowMs);
    return due.reduce<SetAside | null>(
      (first, one) => (first && first.waits <= one.waits ? first : one),
      null,
    );
  }

  async #settleDue(): Promise<void> {
    for (let one = this.#next(); one !== null; one = this.#next()) {
      const next = one;
      if (!(await this.#watched(() => this.#settle(next)))) return;
    }
  }

  /** @returns False where the server is at fault: then the others have to wait, too. */
  async #settle(one: SetAside): Promise<boolean> {
    const { unsettled, suspects, refusedWrites, lockWatch, metrics, health, log } = this.#parts;
    const startedAtMs = performance.now();
    try {
      const result = await this.#settleSomehow(settlementAt(one.settlement, startedAtMs));
      noteLateAnswers(result, this.#parts);
      noteDoubtedAnswers(result, this.#parts);
      const refused = refusedWrites.of(result);
      if (refused !== null) {
        unsettled.refusedAside(one, refused, performance.now());
      } else if (result.locked.length === 0) {
        unsettled.settledAside(one);
        const nowMs = performance.now();
        suspects.settled(one.settlement.lane, nowMs - startedAtMs, nowMs);
        health.moved();
      } else this.#putOff(one);
      await refusedWrites.report(result);
      return true;
    } catch (error) {
      metrics.databaseErrors.inc();
      this.#putOff(one);
      const verdict = blame(error);
      if (verdict === "server" && !(await isServerFine(error, this.#parts))) {
        this.#onLost(error);
        return false;
      }
      const { id, lane } = one.settlement;
      await this.#recordAccepted(settlementAt(one.settlement, performance.now()));
      suspects.suspect([lane], performance.now());
      const line = aboutRefused({ id, error });
      if (verdict === "row") log.error(line, "an answer cannot be stored");
      else {
        lockWatch.gaveUp(error);
        log.warn(
          { ...line, waits_for: lockWatch.last },
          "an answer waits: its row's trigger waits for a lock, or takes too long",
        );
      }
      return true;
    }
  }

  /** Beside its row, of which nothing can be written: whoever rescues that must not send it again. */
  async #recordAccepted(settlement: Settlement): Promise<void> {
    const { database, patience, log } = this.#parts;
    await recordAccepted(database.kysely, settlement, patience).catch((error: unknown) => {
      const code = isFromServer(error) ? error.code : null;
      log.error({ id: settlement.id, code }, "an accepted message cannot be recorded");
    });
  }

  /** As it is, or in a weaker form where something in the database refuses the row's new state. */
  async #settleSomehow(settlement: Settlement): Promise<SettleAndClaimResult> {
    const { database, instance, patience, log } = this.#parts;
    const settle = (one: Settlement): Promise<SettleAndClaimResult> =>
      settleCarefully(database.kysely, instance.name, one, patience);
    let refusal: unknown;
    for (const form of [settlement, ...weakerForms(settlement)]) {
      try {
        const result = await settle(form);
        // It may have been the row that was refused, and no longer is: said once more, the answer adds its attempt at least.
        if (form.attempt === null && settlement.attempt !== null) await settle(settlement).catch(() => null);
        return result;
      } catch (error) {
        if (blame(error) !== "row") throw error;
        refusal = error;
        const code = isFromServer(error) ? error.code : null;
        log.error({ id: settlement.id, code }, "an answer cannot be stored as it is");
      }
    }
    throw refusal;
  }

  #putOff(one: SetAside): void {
    const waitMs = backoffMs(waits, one.waits + 1, waits.baseMs, Math.random);
    this.#parts.unsettled.putOffAside(one, performance.now() + waitMs);
  }
}
