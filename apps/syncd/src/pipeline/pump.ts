import {
  listCustomersTriggers,
  nextTurn,
  reclaim,
  settleAndClaim,
  type LaneClaim,
  type PassedRow,
  type SettleAndClaimResult,
  type Settlement,
} from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import { databaseFault, describeDatabaseError } from "../database/database-fault.ts";
import type { Database } from "../database/database.ts";
import type { Health } from "../operation/health.ts";
import type { Instance } from "../operation/instance.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { backoffMs } from "../policy/backoff.ts";
import type { Claimer } from "./claimer.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Gate } from "./gate.ts";
import { isolate } from "./isolate.ts";
import { LostTurns } from "./lost-turns.ts";
import { aboutRow } from "./row-in-log.ts";
import type { Settler } from "./settler.ts";
import type { Wakeup } from "./wakeup.ts";

export interface PumpParts {
  readonly database: Database;
  readonly instance: Instance;
  readonly claimer: Claimer;
  readonly gate: Gate;
  readonly dispatcher: Dispatcher;
  readonly settler: Settler;
  readonly wakeup: Wakeup;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly log: Logger;
}

const reconnect = { baseMs: 100, maxMs: 5000 };

/** An instance that had no moment of rest for this long finds new rows by itself: inserts need not notify it. */
const busyAfterMs = 1000;

/**
 * One statement settles this share of the slots at most. Where the API answers faster than the database commits, one half
 * of the rows is on the wire while the statement for the other runs; were all settled at once, each would wait for the other.
 */
const batchShare = 1 / 2;

/**
 * While traffic is dense and there is no backlog, a turn waits so long for more rows and answers: a turn of one row costs the
 * database as much as one of fifteen. Nor need inserts notify anybody meanwhile.
 */
const gatherMs = 10;

/** After a lock was waited for, another is likely: longer than the answer of a locked row is postponed. */
const aroundLocksForMs = 1000;

/** How often it is said that a trigger suppresses what is to be written, and which ones there are. */
const suspectsForMs = 10_000;

/** How often rows are looked for that are ours without our knowing. */
const reclaimEveryMs = 10_000;

/** While draining, only an answer brings something to do, which wakes the loop, or a lock that is gone. */
const drainingTurnMs = 500;

/**
 * The loop that moves rows: in each turn it settles what was answered and claims what there is room for, in one
 * statement, then hands the claimed rows to the dispatcher. One turn at a time: two or three that overlapped were
 * slower.
 */
export class Pump {
  readonly #parts: PumpParts;
  #claiming = true;
  #failures = 0;
  /** What the turn's statement would have claimed. */
  #asked: readonly LaneClaim[] = [];
  #restedAtMs = performance.now();
  /** Until then turns go around locked rows at once. */
  #aroundLocksUntilMs = 0;
  /** Whether the fate of a statement is unknown: it may have claimed rows, or do so yet. */
  #statementLost = false;
  readonly #lostTurns = new LostTurns();
  #lastTurn = 0;
  /** Whether a trigger suppresses what is to be written of some rows. */
  #isRefused = false;
  /** The triggers that may keep rows from being written, since one did; asked for once in a while. */
  #suspects: { readonly triggers: readonly string[]; readonly askedAtMs: number } | null = null;
  /** When rows that are ours without our knowing are next looked for, beside that. */
  #reclaimAtMs = performance.now() + reclaimEveryMs;

  constructor(parts: PumpParts) {
    this.#parts = parts;
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
    const { database, wakeup, gate, instance, dispatcher, settler, health, log } = this.#parts;
    const stopWaiting = (): void => {
      wakeup.wake();
      // For a statement, too: it may have fifteen seconds left.
      database.replace();
    };
    giveUp.addEventListener("abort", stopWaiting, { once: true });
    const isBusy = (): boolean =>
      this.#claiming || dispatcher.inFlight > 0 || settler.backlog > 0 || this.#statementLost;
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
      await gate.leave(instance.name);
    } catch (error) {
      log.warn(describeDatabaseError(error), "could not look for rows of lost claims");
    }
    return true;
  }

  /** @returns How long there is nothing to do, in milliseconds. */
  async #turn(): Promise<number> {
    const { claimer, gate, dispatcher, settler, instance } = this.#parts;
    this.#asked = [];
    if (this.#statementLost || performance.now() >= this.#reclaimAtMs) await this.#reclaim();
    // Before the next claim: it is made in the state that the answers have led to.
    await gate.report();
    const looked = this.#claiming && (await claimer.look(performance.now()));
    // What lets itself be read does not always let itself be written: after a failure a write has to show it.
    if (looked && this.#failures === 0) this.#databaseAnswered();

    const { name: by, epoch } = instance;
    const batch = Math.ceil(dispatcher.concurrency * batchShare);
    const free = Math.max(0, dispatcher.freeSlots - settler.leftOut(batch, performance.now()));
    const claims = this.#claiming ? await claimer.plan(free, by, performance.now()) : [];
    const nowMs = performance.now();
    const settlements = settler.take(batch, nowMs);
    if (claims.length > 0 || settlements.length > 0) {
      const slots = Math.max(0, dispatcher.freeSlots - settler.leftOut(0, nowMs));
      await this.#settleAndClaim(settlements, claims, { by, epoch, slots });
      if (this.#isDense() || nowMs - this.#restedAtMs > busyAfterMs) await instance.listenWhile(false);
      return 0;
    }
    if (!this.#claiming) return drainingTurnMs;
    if (!claimer.hasBacklog(by, nowMs)) {
      this.#restedAtMs = nowMs;
      if (this.#isDense()) return 0;
      // What was inserted before the others knew that we listen came without a notification.
      if (await instance.listenWhile(true)) claimer.lookSoon();
    }
    return Math.max(1, Math.min(claimer.idleMs(free, by, nowMs), settler.retryInMs(nowMs)));
  }

  /** Waits until a turn is worth while. */
  async #gather(sinceMs: number, giveUp: AbortSignal): Promise<void> {
    const { claimer, dispatcher, settler, instance, wakeup } = this.#parts;
    if (!this.#isDense() || claimer.hasBacklog(instance.name, performance.now())) return;
    const enough = dispatcher.concurrency * batchShare;
    for (;;) {
      const nowMs = performance.now();
      const leftMs = sinceMs + gatherMs - nowMs;
      if (leftMs <= 0 || settler.ready(nowMs) >= enough || !this.#claiming || giveUp.aborted) break;
      await wakeup.wait(leftMs);
    }
    // Nobody tells of inserts.
    claimer.insertTold(performance.now());
  }

  #isDense(): boolean {
    return this.#claiming && this.#parts.claimer.isDense(performance.now());
  }

  async #settleAndClaim(
    settlements: readonly Settlement[],
    claims: readonly LaneClaim[],
    { by: claimedBy, epoch, slots }: { readonly by: string; readonly epoch: number; readonly slots: number },
  ): Promise<void> {
    const { database, instance, claimer, dispatcher, settler, metrics, health, log } = this.#parts;
    const startedAtMs = performance.now();
    this.#asked = claims;
    const turn = nextTurn();
    this.#lastTurn = turn;
    const result = await settleAndClaim(database.held, claimedBy, settlements, claims, slots, {
      epoch,
      turn,
      aroundLocks: startedAtMs < this.#aroundLocksUntilMs,
    }).catch((error: unknown) => {
      this.#lostTurns.add(turn);
      throw error;
    });
    const tookMs = performance.now() - startedAtMs;
    if (result.repeated) metrics.repeatedTurns.inc();
    if (result.repeated || result.locked.length > 0) {
      this.#aroundLocksUntilMs = performance.now() + aroundLocksForMs;
    }
    const isRefused = result.suppressedSettlements.length + result.changed.length > 0;
    if (!isRefused) settler.confirm(new Set(result.locked), performance.now());
    this.#databaseAnswered();

    claimer.accept(claims, result, performance.now());
    const trials = new Set(claims.filter(({ trial }) => trial).map(({ lane }) => lane));
    const claimWasFull = result.claimed.length >= claims.reduce((sum, { limit }) => sum + limit, 0);
    for (const row of result.claimed) {
      const trial = trials.has(row.lane);
      dispatcher.dispatch(row, { by: claimedBy, trial, askedAtMs: startedAtMs, claimWasFull });
    }
    // After the rows are on their way: it may ask the database.
    if (isRefused) await this.#confirmRefused(result);
    if (this.#isRefused && settler.refused === 0) {
      this.#isRefused = false;
      health.triggersSuppress(null);
    }
    const kept = [...result.keptByTrigger.map(({ id }) => id), ...result.rewritten];
    if (kept.length > 0) await this.#reportSuppression(kept, "not sent");
    for (const row of result.passed) this.#notePassed(row);
    if (claims.length > 0) {
      metrics.claims.inc();
      metrics.claimDuration.observe(tookMs / 1000);
    }
    if (result.stale.length > 0) {
      metrics.staleSettlements.inc(result.stale.length);
      log.warn({ ids: result.stale.slice(0, 20), count: result.stale.length }, "late answers matched no row");
    }
    if (result.gone.length > 0) {
      metrics.acceptedWithoutRow.inc(result.gone.length);
      log.error(
        { ids: result.gone.slice(0, 20), count: result.gone.length },
        "accepted messages have no row any more",
      );
    }
    if (!result.registered) await instance.comeBack(claimedBy);
  }

  async #confirmRefused({ locked, suppressedSettlements, changed }: SettleAndClaimResult): Promise<void> {
    const { settler, metrics, log } = this.#parts;
    // First of all: what was taken must not be confirmed as written, should the question fail.
    const triggers = this.#suspects?.triggers ?? [];
    settler.confirm(new Set(locked), performance.now(), {
      suppressed: new Set(suppressedSettlements),
      changed: new Set(changed),
      triggers,
    });
    metrics.refusedSettlements.inc(suppressedSettlements.length + changed.length);
    if (changed.length > 0) {
      const ids = changed.slice(0, 20);
      log.error(
        { ids, count: changed.length, status: "unknown", code: "row_changed" },
        "rows were given another recipient while their messages were on the wire",
      );
    }
    if (suppressedSettlements.length > 0) {
      this.#isRefused = true;
      await this.#reportSuppression(suppressedSettlements, "not settled");
      const names = this.#suspects?.triggers.join(", ") ?? "";
      this.#parts.health.triggersSuppress(
        `a trigger of talkme.outbox suppresses what is to be written of ${settler.refused} rows (${names || "none is to be seen"})`,
      );
    }
  }

  async #reportSuppression(ids: readonly string[], consequence: string): Promise<void> {
    const { database, log } = this.#parts;
    const nowMs = performance.now();
    if (nowMs - (this.#suspects?.askedAtMs ?? Number.NEGATIVE_INFINITY) < suspectsForMs) return;
    const triggers = await listCustomersTriggers(database.kysely);
    this.#suspects = { triggers, askedAtMs: nowMs };
    log.error(
      { ids: ids.slice(0, 20), count: ids.length, triggers, consequence },
      "a trigger of talkme.outbox suppresses what is to be written",
    );
  }

  #notePassed(row: PassedRow): void {
    const { metrics, log } = this.#parts;
    const { code } = row;
    const line = { ...aboutRow(row), outcome: null };
    metrics.passedRows.inc({ account: row.account, code });
    switch (code) {
      case "expired":
        metrics.expiredRows.inc();
        log.warn({ ...line, status: "expired", code }, "not sent");
        break;
      case "claim_unsettled":
        log.warn({ ...line, status: "unknown", code }, "not sent");
        break;
      case "suppressed":
      case "forgotten":
        log.warn({ ...line, status: "cancelled", code }, "not sent");
        break;
      case "outside_window":
      case "recipient_gap":
        log.debug({ ...line, status: "pending", code }, "put off");
    }
  }

  /** @returns How long to wait before the next try, in milliseconds. */
  async #recover(error: unknown, giveUp: AbortSignal): Promise<number> {
    const { database, settler, metrics, health, wakeup, log } = this.#parts;
    const fault = databaseFault(error);
    const description = describeDatabaseError(error);
    metrics.databaseErrors.inc();
    health.databaseFailed(description.message);
    settler.restore();
    this.#failures += 1;
    log.error({ ...description, fault, backlog: settler.backlog }, "database error");
    switch (fault) {
      case "unreachable":
        this.#statementLost = true;
        database.replace();
        break;
      case "refused":
        await this.#isolate();
    }
    const waitMs = backoffMs(reconnect, this.#failures, reconnect.baseMs / 2, Math.random);
    // Answers that arrive meanwhile wake the loop; the pause has to last all the same.
    for (const endMs = performance.now() + waitMs; performance.now() < endMs && !giveUp.aborted;) {
      await wakeup.wait(endMs - performance.now());
    }
    return 0;
  }

  /**
   * Gives back rows that were claimed in our name and never reached us, because the connection broke. Not only right
   * after that: a statement that was given up may be about to be committed.
   * Only between two turns, when no claim of ours is under way whose answer may still come.
   */
  async #reclaim(): Promise<void> {
    const { database, instance, claimer, dispatcher, settler, metrics, log } = this.#parts;
    if (this.#statementLost) await instance.outdate();
    const { released, forgotten } = await reclaim(database.kysely, instance.name, {
      claims: [...dispatcher.claims, ...settler.claims],
      lost: this.#lostTurns.ranges,
      last: this.#lastTurn,
    });
    if (this.#failures > 0) log.info({ backlog: settler.backlog }, "database is back");
    if (released.length > 0) {
      claimer.lookSoon();
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
    this.#statementLost = false;
    this.#reclaimAtMs = performance.now() + reclaimEveryMs;
    this.#databaseAnswered();
  }

  async #isolate(): Promise<void> {
    try {
      await isolate(this.#parts, this.#parts.instance.name, this.#asked);
    } catch (error) {
      this.#parts.metrics.databaseErrors.inc();
      this.#parts.log.error(describeDatabaseError(error), "could not find what the database has refused");
      this.#statementLost = true;
    }
  }

  #databaseAnswered(): void {
    this.#parts.health.databaseAnswered();
    this.#failures = 0;
  }
}
