import { blame, settleAndClaim, type LaneClaim, type SettleAndClaimResult } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import { describeDatabaseError } from "../database/database-fault.ts";
import type { Database } from "../database/database.ts";
import type { Bound } from "../database/turn-connection.ts";
import type { Health } from "../service/health.ts";
import type { Instance } from "../instance/instance.ts";
import type { StandbyWatch } from "../instance/standby-watch.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { BatchSize } from "./batch-size.ts";
import type { CarefulParts } from "../careful/careful-parts.ts";
import { CarefulPath } from "../careful/careful-path.ts";
import type { ClaimPlanner } from "../lanes/claim-planner.ts";
import type { Dispatcher } from "../sending/dispatcher.ts";
import type { Admission } from "../admission/admission.ts";
import { noteDoubtedAnswers, noteLateAnswers } from "../sending/late-answers.ts";
import { settlementAt } from "../sending/made-attempt.ts";
import { logPassedRow } from "../logging/passed-row-line.ts";
import type { ClaimMemory } from "../sending/claim-memory.ts";
import type { PendingSettlement, UnsettledAnswers } from "../sending/unsettled-answers.ts";
import type { Wakeup } from "../sending/wakeup.ts";
import { HistoryGuard } from "./history-guard.ts";
import { Reclaiming } from "./reclaiming.ts";
import { Recovery } from "./recovery.ts";

export interface TurnLoopParts extends CarefulParts {
  readonly database: Database;
  readonly instance: Instance;
  readonly standby: StandbyWatch;
  readonly planner: ClaimPlanner;
  readonly admission: Admission;
  readonly dispatcher: Dispatcher;
  readonly unsettled: UnsettledAnswers;
  readonly memory: ClaimMemory;
  readonly wakeup: Wakeup;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly log: Logger;
  /** A statement of a turn that takes longer is cancelled, and its rows are tried one by one. */
  readonly turnBoundMs: number;
}

/** An instance that had no moment of rest for this long finds new rows by itself: inserts need not notify it. */
const busyAfterMs = 1000;

/**
 * One statement settles this share of the slots at most. Where the API answers faster than the database commits, one
 * half of the rows is on the wire while the other half is settled; settled all at once, they would wait for each other.
 */
const batchShare = 1 / 2;

/**
 * While traffic is dense and there is no backlog, a turn waits this long for more rows and answers: a turn of one row costs
 * the database as much as one of fifteen. Inserts need not notify us during that time.
 */
const gatherMs = 10;

/** After a wait for a lock another is likely. Longer than the answer of a locked row is postponed. */
const aroundLocksForMs = 1000;

/** After this many failed turns in a row one of their rows may be why, whatever the error sounds like. */
const mostFailedTurns = 3;

/** While nothing may be claimed there is nothing to do before an answer comes, which wakes the loop, or a lock goes. */
const answersAloneMs = 500;

/**
 * The loop that moves rows: in each turn it settles what was answered and claims what there is room for, in one
 * statement, then hands the claimed rows to the dispatcher. One turn at a time: two or three that overlapped were
 * slower.
 */
export class TurnLoop {
  readonly #parts: TurnLoopParts;
  #claiming = true;
  readonly #recovery: Recovery;
  readonly #careful: CarefulPath;
  readonly #reclaiming: Reclaiming;
  readonly #history: HistoryGuard;
  readonly #batchSize: BatchSize;
  readonly #bound: Bound;
  /** Turns in a row whose statement failed, although the server may take others. */
  #failedTurns = 0;
  #restedAtMs = performance.now();
  /** Until then turns skip locked rows at once. */
  #aroundLocksUntilMs = 0;

  constructor(parts: TurnLoopParts) {
    this.#parts = parts;
    this.#recovery = new Recovery(parts);
    this.#careful = new CarefulPath(
      parts,
      (result, claims, by, askedAtMs) => this.#receive(result, claims, by, askedAtMs),
      (error) => this.#recovery.failed(error),
    );
    this.#reclaiming = new Reclaiming(parts, this.#recovery);
    this.#history = new HistoryGuard(parts, () => this.#reclaim());
    this.#batchSize = new BatchSize(parts.turnBoundMs / 2);
    this.#bound = { ms: parts.turnBoundMs, onReached: () => parts.lockWatch.look() };
  }

  /** Claims nothing any more; {@link run} ends when everything on the wire is settled. */
  drain(): void {
    this.#claiming = false;
    this.#parts.wakeup.wake();
  }

  /**
   * Runs until {@link drain} and until every answer is in the database, or until `giveUp` is aborted.
   *
   * @returns Whether it is known that the instance holds no row.
   */
  async run(giveUp: AbortSignal): Promise<boolean> {
    const { database, wakeup, admission, instance, dispatcher, unsettled, health, log } = this.#parts;
    const stopWaiting = (): void => {
      wakeup.wake();
      // Also for a statement, which may have fifteen seconds left.
      database.replace();
    };
    giveUp.addEventListener("abort", stopWaiting, { once: true });
    const isBusy = (): boolean =>
      this.#claiming ||
      dispatcher.inFlight > 0 ||
      unsettled.backlog > 0 ||
      this.#recovery.statementLost ||
      this.#careful.isBusy;
    while (!giveUp.aborted && isBusy()) {
      health.progressed();
      const beganAtMs = performance.now();
      const idleMs = await this.#turn().catch((error: unknown) => this.#recover(error, giveUp));
      await wakeup.wait(idleMs);
      await this.#gather(beganAtMs, giveUp);
    }
    if (isBusy()) return false;
    try {
      await this.#reclaim();
      await admission.leave(instance.name);
    } catch (error) {
      log.warn(describeDatabaseError(error), "could not look for rows of lost claims");
    }
    return true;
  }

  /** @returns How long there is nothing to do, in milliseconds. */
  async #turn(): Promise<number> {
    const { planner, admission, dispatcher, unsettled, instance } = this.#parts;
    const isReclaimDue = this.#reclaiming.isDue(performance.now());
    if (this.#recovery.statementLost || (isReclaimDue && !this.#careful.isBusy)) await this.#reclaim();
    if (this.#history.dueInMs(performance.now()) === 0) await this.#history.check();
    // Before the next claim, which then knows what the answers have changed.
    await admission.report();
    const mayClaim = this.#claiming && !this.#parts.standby.isWaiting && !this.#history.stops;
    const looked = this.#claiming && (await planner.look(performance.now()));
    // A database that can be read cannot always be written: after a failure only a write proves that it works.
    if (looked && !this.#recovery.isFailing) this.#recovery.answered();

    const { name: by, epoch } = instance;
    const batch = Math.min(this.#batchSize.limit, Math.ceil(dispatcher.concurrency * batchShare));
    if (this.#careful.isNeeded) {
      const leftOut = unsettled.leftOut(0, performance.now());
      await this.#careful.begin(dispatcher.freeSlots - leftOut, mayClaim && !isReclaimDue);
    }
    const taken = unsettled.leftOut(batch, performance.now()) + this.#careful.reserved;
    const free = Math.max(0, dispatcher.freeSlots - taken);
    const claims = mayClaim ? await planner.plan(free, by, performance.now()) : [];
    const nowMs = performance.now();
    const settlements = unsettled.take(batch, nowMs);
    if (claims.length > 0 || settlements.length > 0) {
      const slots = Math.max(0, dispatcher.freeSlots - unsettled.leftOut(0, nowMs) - this.#careful.reserved);
      await this.#settleAndClaim(settlements, claims, { by, epoch, slots });
      if (this.#isDense() || nowMs - this.#restedAtMs > busyAfterMs) await instance.listenWhile(false);
      return 0;
    }
    if (!mayClaim) return Math.min(answersAloneMs, this.#history.dueInMs(nowMs));
    if (!planner.hasBacklog(by, nowMs)) {
      this.#restedAtMs = nowMs;
      if (this.#isDense()) return 0;
      // Rows inserted before everybody saw that we listen came without a notification.
      if (await instance.listenWhile(true)) planner.lookSoon();
    }
    return Math.max(
      1,
      Math.min(planner.idleMs(free, by, nowMs), unsettled.retryInMs(nowMs), this.#careful.dueInMs(nowMs)),
    );
  }

  /** Under dense traffic, waits until a turn is worth its cost. */
  async #gather(sinceMs: number, giveUp: AbortSignal): Promise<void> {
    const { planner, dispatcher, unsettled, instance, wakeup } = this.#parts;
    if (!this.#isDense() || planner.hasBacklog(instance.name, performance.now())) return;
    const enough = dispatcher.concurrency * batchShare;
    for (;;) {
      const nowMs = performance.now();
      const leftMs = sinceMs + gatherMs - nowMs;
      if (leftMs <= 0 || unsettled.ready(nowMs) >= enough || !this.#claiming || giveUp.aborted) break;
      await wakeup.wait(leftMs);
    }
    // Inserts do not notify us now.
    planner.insertReported(performance.now());
  }

  #isDense(): boolean {
    return this.#claiming && this.#parts.planner.isDense(performance.now());
  }

  async #settleAndClaim(
    settlements: readonly PendingSettlement[],
    claims: readonly LaneClaim[],
    { by: claimedBy, epoch, slots }: { readonly by: string; readonly epoch: number; readonly slots: number },
  ): Promise<void> {
    const { database, unsettled, suspects, turns, refusedWrites, metrics, health } = this.#parts;
    const startedAtMs = performance.now();
    const written = settlements.map((settlement) => settlementAt(settlement, startedAtMs));
    const turn = turns.begin();
    let result: SettleAndClaimResult;
    try {
      result = await settleAndClaim(
        database.turnConnectionWithin(this.#bound),
        claimedBy,
        written,
        claims,
        slots,
        {
          epoch,
          turn,
          aroundLocks: startedAtMs < this.#aroundLocksUntilMs,
        },
      );
    } catch (error) {
      turns.lose(turn);
      this.#failedTurns += 1;
      // The statement was repeated, and had to wait again.
      if (blame(error) === "wait" && settlements.length > 0) metrics.repeatedTurns.inc();
      const isSuspicious =
        performance.now() - startedAtMs >= this.#bound.ms || this.#failedTurns >= mostFailedTurns;
      if (!this.#careful.takesOver(error, claims, isSuspicious)) throw error;
      this.#batchSize.failed(settlements.length);
      return;
    }
    this.#failedTurns = 0;
    const endedAtMs = performance.now();
    const tookMs = endedAtMs - startedAtMs;
    if (result.repeated) metrics.repeatedTurns.inc();
    if (result.repeated || result.locked.length > 0) {
      this.#aroundLocksUntilMs = endedAtMs + aroundLocksForMs;
    }
    unsettled.confirm(new Set(result.locked), endedAtMs, refusedWrites.of(result) ?? undefined);
    this.#batchSize.took(settlements.length, tookMs);
    // Any of the lanes may be the slow one.
    if (tookMs > this.#bound.ms / 2) {
      const lanes = [...claims, ...settlements].map(({ lane }) => lane);
      suspects.suspect(lanes, endedAtMs);
    }
    if (claims.length > 0) {
      metrics.claims.inc();
      metrics.claimDuration.observe(tookMs / 1000);
    }
    if (settlements.length > result.locked.length) health.moved();
    await this.#receive(result, claims, claimedBy, startedAtMs);
  }

  /** Takes in the result of a statement, of a turn or beside it. */
  async #receive(
    result: SettleAndClaimResult,
    claims: readonly LaneClaim[],
    by: string,
    askedAtMs: number,
  ): Promise<void> {
    const { instance, standby, planner, dispatcher, refusedWrites, metrics, health, log } = this.#parts;
    this.#recovery.answered();
    if (result.stop !== null) this.#history.stopped(result.stop);
    if (result.standbyMissing) standby.lost("no_standby_named");
    if (result.claimed.length > 0) health.moved();
    planner.accept(claims, result, performance.now());
    const trials = new Set(claims.filter(({ trial }) => trial).map(({ lane }) => lane));
    const claimWasFull = result.claimed.length >= claims.reduce((sum, { limit }) => sum + limit, 0);
    for (const row of result.claimed) {
      const trial = trials.has(row.lane);
      dispatcher.dispatch(row, { by, era: instance.eraOf(by), trial, askedAtMs, claimWasFull });
    }
    for (const row of result.passed) {
      metrics.passedRows.inc({ account: row.account, code: row.code });
      if (row.code === "expired") metrics.expiredRows.inc();
      logPassedRow(log, row);
    }
    noteLateAnswers(result, this.#parts);
    noteDoubtedAnswers(result, this.#parts);
    await refusedWrites.report(result);
    if (!result.registered) await instance.comeBack(by);
  }

  /** @returns How long there is nothing to do after the pause, in milliseconds. */
  async #recover(error: unknown, giveUp: AbortSignal): Promise<number> {
    this.#parts.unsettled.restore();
    this.#recovery.failed(error);
    if (this.#recovery.statementLost) this.#history.suspect();
    await this.#recovery.pause(giveUp);
    return 0;
  }

  async #reclaim(): Promise<void> {
    // Only then is it known which rows are ours.
    await this.#careful.claimed();
    await this.#reclaiming.reclaim();
  }
}
