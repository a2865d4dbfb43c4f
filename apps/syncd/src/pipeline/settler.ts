import { claimKey, type Settlement } from "@talkme/outbox/daemon";

/** A settlement that waits to be written. */
export interface PendingSettlement extends Settlement {
  /** Told when it is in the database. */
  readonly onSettled?: () => void;
}

interface Kept {
  readonly settlement: PendingSettlement;
  readonly sinceMs: number;
}

/** How long an answer waits whose row is locked, or that was refused. */
const postponeMs = 500;

/**
 * Keeps every answer until the database has it. An answer that could not be written is written later; none is
 * ever dropped while the process lives.
 */
export class Settler {
  #waiting: Kept[] = [];
  #postponed: Kept[] = [];
  #postponedUntilMs = 0;
  #taken: Kept[] = [];

  /** The number of answers that are not in the database yet. */
  get backlog(): number {
    return this.#waiting.length + this.#taken.length + this.#postponed.length;
  }

  /** For how long the oldest of these has waited, in milliseconds; 0 where there are none. */
  oldestMs(nowMs: number): number {
    const all = [...this.#waiting, ...this.#taken, ...this.#postponed];
    return all.reduce((oldest, { sinceMs }) => Math.max(oldest, nowMs - sinceMs), 0);
  }

  /** Answers that could be written now: not those that are postponed. */
  ready(nowMs: number): number {
    return this.#waiting.length + (nowMs < this.#postponedUntilMs ? 0 : this.#postponed.length);
  }

  /** Answers that a batch of `limit`, taken now, leaves out: their rows fill their slots still. */
  leftOut(limit: number, nowMs: number): number {
    return this.#waiting.length + this.#postponed.length - Math.min(limit, this.ready(nowMs));
  }

  /** Milliseconds until these are tried again; infinite where there are none. */
  retryInMs(nowMs: number): number {
    return this.#postponed.length > 0
      ? Math.max(0, this.#postponedUntilMs - nowMs)
      : Number.POSITIVE_INFINITY;
  }

  /** The claims whose answers are kept here. */
  get claims(): readonly string[] {
    return [...this.#taken, ...this.#waiting, ...this.#postponed].map(({ settlement }) =>
      claimKey(settlement),
    );
  }

  add(settlement: PendingSettlement, nowMs = performance.now()): void {
    this.#waiting.push({ settlement, sinceMs: nowMs });
  }

  /** Takes the next batch, the oldest answers first; {@link confirm} or {@link restore} follows. */
  take(limit: number, nowMs: number): readonly Settlement[] {
    if (nowMs >= this.#postponedUntilMs) this.#waiting.push(...this.#postponed.splice(0));
    this.#taken = this.#waiting.splice(0, limit);
    return this.#taken.map(({ settlement }) => settlement);
  }

  /** The batch is in the database, but for the rows `except`, which are taken again a little later. */
  confirm(except: ReadonlySet<string>, nowMs: number): void {
    if (except.size > 0) {
      this.#postponed.push(...this.#taken.filter(({ settlement }) => except.has(settlement.id)));
      this.#postponedUntilMs = nowMs + postponeMs;
    }
    for (const { settlement } of this.#taken) if (!except.has(settlement.id)) settlement.onSettled?.();
    this.#taken = [];
  }

  /** The batch is perhaps not in the database: it goes back to the head of the queue. */
  restore(): void {
    this.#waiting = [...this.#taken, ...this.#waiting];
    this.#taken = [];
  }
}
