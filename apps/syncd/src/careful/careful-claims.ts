import {
  blame,
  claimCarefully,
  claimFront,
  failUnclaimable,
  maskedText,
  type CarefulClaim,
  type FrontRow,
  type LaneClaim,
  type SettleAndClaimResult,
} from "@talkme/outbox/daemon";

import { isServerFine, type CarefulParts, type Watched } from "./careful-parts.ts";
import { aboutRefused, aboutRow } from "../logging/row-in-log.ts";
import type { AvoidedRow } from "../lanes/suspects.ts";

/** Takes in the result of a claim, as a turn does. */
export type ClaimReceiver = (
  result: SettleAndClaimResult,
  claims: readonly LaneClaim[],
  by: string,
  askedAtMs: number,
) => Promise<void>;

/** Plan again after this long when a rate, a circuit or another trial let nothing go. */
const planAgainMs = 100;

/** A suspected lane may fill this share of the slots. */
const mostOfTheSlots = 1 / 4;

/** Claims from suspected lanes, one after the other, and finds the rows that make a claim fail. */
export class CarefulClaims {
  readonly #parts: CarefulParts;
  readonly #watched: Watched;
  readonly #receive: ClaimReceiver;
  readonly #onLost: (error: unknown) => void;
  #running: Promise<void> | null = null;
  #reserved = 0;
  #notBeforeMs = 0;
  /** Lanes and avoided rows take turns. */
  #wasRow = false;

  constructor(
    parts: CarefulParts,
    watched: Watched,
    receive: ClaimReceiver,
    onLost: (error: unknown) => void,
  ) {
    this.#parts = parts;
    this.#watched = watched;
    this.#receive = receive;
    this.#onLost = onLost;
  }

  get isBusy(): boolean {
    return this.#running !== null;
  }

  get reserved(): number {
    return this.#reserved;
  }

  async finished(): Promise<void> {
    await this.#running;
  }

  dueInMs(nowMs: number): number {
    const { suspects } = this.#parts;
    if (suspects.isEmpty || this.isBusy) return Number.POSITIVE_INFINITY;
    return Math.max(planAgainMs / 10, this.#notBeforeMs - nowMs);
  }

  async begin(freeSlots: number): Promise<void> {
    const { suspects, instance } = this.#parts;
    const nowMs = performance.now();
    if (this.isBusy || suspects.isEmpty || freeSlots < 1 || nowMs < this.#notBeforeMs) return;
    const { name: by, epoch } = instance;
    this.#wasRow = !this.#wasRow;
    const planned =
      (this.#wasRow ? await this.#planRow(by) : await this.#planLane(freeSlots, by)) ??
      (this.#wasRow ? await this.#planLane(freeSlots, by) : await this.#planRow(by));
    if (planned === null) {
      this.#notBeforeMs = nowMs + planAgainMs;
      return;
    }
    this.#reserved = planned.claim.limit;
    this.#running = this.#watched(() => this.#claim(planned.claim, planned.row, by, epoch)).finally(() => {
      this.#reserved = 0;
      this.#running = null;
    });
  }

  async #planRow(by: string): Promise<{ claim: LaneClaim; row: AvoidedRow } | null> {
    const { suspects, planner } = this.#parts;
    const row = suspects.nextRow(performance.now());
    if (row === null || this.#roomFor(row.lane) < 1) return null;
    const claim = await planner.planRow(row, by, performance.now());
    return claim && { claim, row };
  }

  /** How many more slots the lane may fill: rows that are slow to settle must not fill all of them. */
  #roomFor(lane: string): number {
    const { unsettled, dispatcher } = this.#parts;
    const share = Math.max(1, Math.floor(dispatcher.concurrency * mostOfTheSlots));
    return Math.max(0, share - unsettled.asideOf(lane) - dispatcher.inFlightOf(lane));
  }

  async #planLane(freeSlots: number, by: string): Promise<{ claim: LaneClaim; row: null } | null> {
    const { suspects, planner } = this.#parts;
    for (const lane of suspects.lanes(performance.now())) {
      const limit = Math.min(freeSlots, suspects.batchOf(lane), this.#roomFor(lane));
      const claim = limit < 1 ? null : await planner.planApart(lane, limit, by, performance.now());
      if (claim !== null) return { claim, row: null };
      suspects.passOver(lane, performance.now());
    }
    return null;
  }

  async #claim(claim: LaneClaim, retried: AvoidedRow | null, by: string, epoch: number): Promise<void> {
    const { database, planner, unsettled, suspects, turns, patience } = this.#parts;
    const askedAtMs = performance.now();
    const turn = turns.begin();
    const own = { epoch, turn };
    try {
      let outcome: CarefulClaim;
      try {
        outcome =
          claim.limit === 1
            ? await claimFront(database.kysely, by, claim, own, patience)
            : { kind: "claimed", result: await claimCarefully(database.kysely, by, claim, own, patience) };
      } catch (error) {
        turns.lose(turn);
        throw error;
      } finally {
        // In the same tick in which its rows are dispatched: nobody may plan between the two.
        planner.endApart(claim);
      }
      const nowMs = performance.now();
      if (outcome.kind === "failed") {
        turns.lose(turn);
        await this.#judge(outcome.row, outcome.error, claim);
        return;
      }
      const { claimed, passed, keptByTrigger, rewritten } = outcome.result;
      const rows = claimed.length + passed.length + keptByTrigger.length + rewritten.length;
      if (retried === null) {
        if (rows === 0) suspects.passOver(claim.lane, nowMs);
        else
          suspects.succeeded(claim.lane, rows, nowMs - askedAtMs, unsettled.asideOf(claim.lane) === 0, nowMs);
      } else if (outcome.result.refusedAccounts.length === 0) suspects.forgive(retried, nowMs);
      await this.#receive(outcome.result, [claim], by, askedAtMs);
    } catch (error) {
      suspects.failed(claim.lane);
      if (blame(error) === "server") this.#onLost(error);
    }
  }

  /** A row could not be claimed by itself. */
  async #judge(row: FrontRow, error: unknown, { lane, priority, account }: LaneClaim): Promise<void> {
    const { id, dueAtUs } = row;
    const place = { id, dueAtUs, lane, priority, account };
    const { database, suspects, patience, lockWatch, metrics, log } = this.#parts;
    const verdict = blame(error);
    if (verdict === "server" && !(await isServerFine(error, this.#parts))) {
      suspects.avoid(place, performance.now());
      throw error;
    }
    metrics.databaseErrors.inc();
    const line = { ...aboutRow(row), outcome: null, ...aboutRefused({ id, error }) };
    if (verdict === "row") {
      // Whoever reads the row has to find what refuses it. Names stay in the message, as they do in the row.
      const message = maskedText(error instanceof Error ? error.message : String(error));
      const marked = await failUnclaimable(database.kysely, row, message, patience).catch(
        (refusal: unknown) => {
          if (blame(refusal) === "server") throw refusal;
          return null;
        },
      );
      if (marked !== null) {
        suspects.forgive({ id, lane }, performance.now());
        if (marked)
          log.error(
            { ...line, status: "failed", code: "row_unclaimable" },
            "a row that no claim can take has failed",
          );
        return;
      }
      lockWatch.gaveUp(error);
      log.error({ ...line, status: "pending" }, "a row can neither be claimed nor be marked as failed");
    } else {
      lockWatch.gaveUp(error);
      log.warn(
        { ...line, status: "pending", waits_for: lockWatch.last },
        "a row waits: its trigger waits for a lock, or takes too long",
      );
    }
    suspects.avoid(place, performance.now());
  }
}
