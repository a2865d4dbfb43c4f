import { claimKey, type Settlement } from "@talkme/outbox/daemon";

import type { MadeAttempt } from "./made-attempt.ts";

/** A settlement that waits to be written: by `settlementAt`. */
export interface PendingSettlement extends Omit<Settlement, "attempt"> {
  /** The request; null where none was made. */
  readonly attempt: MadeAttempt | null;
  /** Its row's lane: nothing more of it is claimed while nothing can be written of the row. */
  readonly lane: string;
  /** Called when it is in the database. */
  readonly onSettled?: () => void;
}

interface Kept {
  readonly settlement: PendingSettlement;
  readonly sinceMs: number;
  readonly notBeforeMs: number;
  /** How often a trigger has suppressed it. */
  readonly refusals: number;
}

/** An answer that was in a failed statement, and is now written by itself. */
export interface SetAside extends Kept {
  /** How often a lock or a slow trigger kept it from being written. */
  readonly waits: number;
}

/** Settlements that were not written although the statement succeeded, by the ids of their rows. */
export interface Refusals {
  /** A trigger suppresses the update. */
  readonly suppressed: ReadonlySet<string>;
  /** Accepted, but the row has another recipient by now. */
  readonly changed: ReadonlySet<string>;
  /** The triggers that somebody has put on the table. */
  readonly triggers: readonly string[];
}

/** How long an answer waits that was refused, or whose row is locked. */
const postponeMs = 500;
const longestPostponeMs = 10_000;

/** After a trigger has suppressed an answer this many times, its row is to become `unknown`. */
const triesAsDecided = 3;

const noRefusals: Refusals = { suppressed: new Set(), changed: new Set(), triggers: [] };

/**
 * Keeps every answer until the database has it. An answer that could not be written is written later: none is dropped while
 * the process lives.
 */
export class UnsettledAnswers {
  #waiting: Kept[] = [];
  #postponed: Kept[] = [];
  /** Not even `unknown` can be written of their rows. They take no slot from the others. */
  #stuck: Kept[] = [];
  #stuckLanes: ReadonlySet<string> = new Set();
  #taken: Kept[] = [];
  #aside: SetAside[] = [];

  /** The number of answers that are not in the database yet. */
  get backlog(): number {
    return this.#all().length;
  }

  /** How long the oldest of these has waited, in milliseconds; 0 where there are none. */
  oldestMs(nowMs: number): number {
    return this.#all().reduce((oldest, { sinceMs }) => Math.max(oldest, nowMs - sinceMs), 0);
  }

  /** How many answers a trigger has suppressed so far. */
  get refused(): number {
    return this.#all().filter(({ refusals }) => refusals > 0).length;
  }

  /** The lanes of rows that cannot be written at all. */
  get stuckLanes(): ReadonlySet<string> {
    return this.#stuckLanes;
  }

  /** Answers that could be written now: not those that are postponed. */
  ready(nowMs: number): number {
    return this.#waiting.length + due(this.#postponed, nowMs).length + due(this.#stuck, nowMs).length;
  }

  /** Answers that a batch of `limit`, taken now, would leave out: their rows still fill slots. */
  leftOut(limit: number, nowMs: number): number {
    const ready = this.#waiting.length + due(this.#postponed, nowMs).length;
    const all = this.#waiting.length + this.#postponed.length + this.#aside.length;
    return all - Math.min(limit, ready);
  }

  /** Milliseconds until these are tried again; infinite where there are none. */
  retryInMs(nowMs: number): number {
    return [...this.#postponed, ...this.#stuck].reduce(
      (soonest, { notBeforeMs }) => Math.min(soonest, Math.max(0, notBeforeMs - nowMs)),
      Number.POSITIVE_INFINITY,
    );
  }

  /** The claims whose answers are kept here. */
  get claims(): readonly string[] {
    return this.#all().map(({ settlement }) => claimKey(settlement));
  }

  add(settlement: PendingSettlement, nowMs = performance.now()): void {
    this.#waiting.push({ settlement, sinceMs: nowMs, notBeforeMs: nowMs, refusals: 0 });
  }

  /** Takes the next batch, the oldest answers first; {@link confirm} or {@link restore} follows. */
  take(limit: number, nowMs: number): readonly PendingSettlement[] {
    if (this.#postponed.length > 0) {
      this.#waiting.push(...due(this.#postponed, nowMs));
      this.#postponed = this.#postponed.filter((kept) => !isDue(kept, nowMs));
    }
    this.#taken = this.#waiting.splice(0, limit);
    if (this.#stuck.length > 0) {
      // In addition to the batch, which they must not fill.
      this.#taken.push(...due(this.#stuck, nowMs));
      this.#stuck = this.#stuck.filter((kept) => !isDue(kept, nowMs));
    }
    return this.#taken.map(({ settlement }) => settlement);
  }

  /** The batch is in the database, except for locked and refused rows, which are taken again a little later. */
  confirm(locked: ReadonlySet<string>, nowMs: number, refused: Refusals = noRefusals): void {
    for (const kept of this.#taken) {
      const { id } = kept.settlement;
      if (refused.suppressed.has(id) || refused.changed.has(id)) this.#refuse(kept, refused, nowMs);
      else if (locked.has(id)) {
        const settlement = withoutRecorded(kept.settlement);
        this.#postpone({ ...kept, settlement, notBeforeMs: nowMs + postponeMs });
      } else kept.settlement.onSettled?.();
    }
    this.#taken = [];
    if (this.#stuck.length > 0 || this.#stuckLanes.size > 0) this.#noteStuckLanes();
  }

  /** The batch may not be in the database: it goes back to the head of the queue. */
  restore(): void {
    this.#waiting = [...this.#taken, ...this.#waiting];
    this.#taken = [];
  }

  /** One answer of the batch may be why its statement failed: each is written by itself from now on. */
  setAside(nowMs: number): void {
    for (const kept of this.#taken) this.#putAside(kept, nowMs);
    this.#taken = [];
  }

  /** The answers that are set aside; one that is written is {@link settledAside}. */
  get aside(): readonly SetAside[] {
    return this.#aside;
  }

  /** The same for answers of lanes that made a turn fail or take long. */
  setAsideWhere(isSuspect: (lane: string) => boolean, nowMs: number): void {
    const { suspects = [], others = [] } = Object.groupBy(this.#waiting, ({ settlement: { lane } }) =>
      isSuspect(lane) ? "suspects" : "others",
    );
    this.#waiting = others;
    for (const kept of suspects) this.#putAside(kept, nowMs);
  }

  /** How many answers of the lane are set aside. */
  asideOf(lane: string): number {
    return this.#aside.filter(({ settlement }) => settlement.lane === lane).length;
  }

  settledAside(done: SetAside): void {
    this.#takeFromAside(done);
    done.settlement.onSettled?.();
  }

  /** Something keeps it from being written: not tried again before `notBeforeMs`. */
  putOffAside(one: SetAside, notBeforeMs: number): void {
    const putOff = { ...one, waits: one.waits + 1, notBeforeMs };
    this.#aside = this.#aside.map((other) => (other === one ? putOff : other));
  }

  /** Its statement succeeded without writing it: it is tried again as after {@link confirm}. */
  refusedAside(one: SetAside, refused: Refusals, nowMs: number): void {
    this.#takeFromAside(one);
    this.#refuse(one, refused, nowMs);
    this.#noteStuckLanes();
  }

  #putAside({ settlement, sinceMs, refusals }: Kept, nowMs: number): void {
    this.#aside.push({ settlement, sinceMs, refusals, waits: 0, notBeforeMs: nowMs });
  }

  #takeFromAside(one: SetAside): void {
    this.#aside = this.#aside.filter((other) => other !== one);
  }

  #all(): readonly Kept[] {
    return [...this.#taken, ...this.#waiting, ...this.#postponed, ...this.#stuck, ...this.#aside];
  }

  #refuse(kept: Kept, { changed, triggers }: Refusals, nowMs: number): void {
    const { sinceMs } = kept;
    const settlement = withoutRecorded(kept.settlement);
    if (changed.has(settlement.id)) {
      this.#postpone({ ...kept, settlement: asChanged(settlement), notBeforeMs: nowMs });
      return;
    }
    const refusals = kept.refusals + 1;
    const notBeforeMs = nowMs + Math.min(longestPostponeMs, postponeMs * 2 ** (refusals - 1));
    const isLastResort = settlement.status === "unknown" && refusals > triesAsDecided;
    const next = refusals < triesAsDecided || isLastResort ? settlement : asSuppressed(settlement, triggers);
    this.#postpone({ settlement: next, sinceMs, refusals, notBeforeMs });
  }

  #postpone(kept: Kept): void {
    const isStuck = kept.refusals > triesAsDecided;
    (isStuck ? this.#stuck : this.#postponed).push(kept);
  }

  #noteStuckLanes(): void {
    this.#stuckLanes = new Set(this.#stuck.map(({ settlement }) => settlement.lane));
  }
}

function isDue({ notBeforeMs }: Kept, nowMs: number): boolean {
  return nowMs >= notBeforeMs;
}

function due(kept: readonly Kept[], nowMs: number): readonly Kept[] {
  return kept.length === 0 ? kept : kept.filter((each) => isDue(each, nowMs));
}

function asSuppressed(settlement: PendingSettlement, triggers: readonly string[]): PendingSettlement {
  const suspects = triggers.length > 0 ? ` Suspects: ${triggers.join(", ")}.` : "";
  return {
    ...asUnknown(settlement),
    errorCode: "answer_refused",
    error: `The row was to become ${settlement.status}, which a trigger of talkme.outbox suppresses.${suspects}`,
  };
}

/** That it was accepted has been recorded although its row could not be written. */
function withoutRecorded(settlement: PendingSettlement): PendingSettlement {
  return settlement.attempt?.outcome === "accepted" ? { ...settlement, attempt: null } : settlement;
}

function asChanged(settlement: PendingSettlement): PendingSettlement {
  return {
    ...asUnknown(settlement),
    errorCode: "row_changed",
    error: `The answer to its message (${settlement.status}) is about another recipient than the row has now: the row was changed while the message was on the wire.`,
  };
}

function asUnknown(settlement: PendingSettlement): PendingSettlement {
  return { ...settlement, status: "unknown", retryInMs: null, refundAttempt: false };
}
