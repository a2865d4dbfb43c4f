import type { Cursor } from "@talkme/outbox/daemon";

import { backoffMs } from "../policy/backoff.ts";

/** A quick claim of one row is followed by one of this many; if that is quick, too, the lane is cleared. */
const secondBatch = 8;

/** How long a lane stays apart after one of its answers was slow to write. */
const apartAfterSlowAnswerMs = 10_000;

/** An answer is slow from this fraction of a quick claim on (1/8): a turn writes many. */
const slowAnswerShare = 8;

/** A lane without rows for this long is no longer suspected. */
const forgetAfterMs = 60_000;

/** Claims name the rows that they avoid: beyond this many, the lanes wait instead. */
const mostRows = 500;

/** After this many rows in a row that could not be claimed, the lane waits. */
const missesOfALane = 3;
const laneWaits = { baseMs: 500, maxMs: 10_000 };
const rowWaits = { baseMs: 1000, maxMs: 10_000 };

/** A row that could not be claimed and is tried again by itself. */
export interface AvoidedRow extends Cursor {
  readonly lane: string;
  readonly priority: number;
  readonly account: string;
  readonly notBeforeMs: number;
  readonly failures: number;
}

interface Suspect {
  /** How many rows are claimed at once. */
  batch: number;
  /** Rows in a row that could not be claimed. */
  misses: number;
  pauses: number;
  notBeforeMs: number;
  /** Not cleared before: its answers were slow to write. */
  clearAfterMs: number;
  readonly forgetAtMs: number;
}

/**
 * Lanes that may have made a turn fail or take long: their rows are claimed apart from all others, few at a time, until they
 * prove to be as quick. And rows that were found out: their trigger waits for something, and so do they.
 *
 * Times are of one monotonic clock. Empty while all is well.
 */
export class Suspects {
  readonly #quickMs: number;
  readonly #lanes = new Map<string, Suspect>();
  readonly #rows = new Map<string, AvoidedRow>();

  /** @param quickMs A claim that takes no longer than this is quick. */
  constructor(quickMs: number) {
    this.#quickMs = quickMs;
  }

  get isEmpty(): boolean {
    return this.#lanes.size === 0 && this.#rows.size === 0;
  }

  has(lane: string): boolean {
    return this.#lanes.has(lane);
  }

  /** In the order in which their turns come. */
  lanes(nowMs: number): readonly string[] {
    return [...this.#lanes].filter(([, { notBeforeMs }]) => notBeforeMs <= nowMs).map(([lane]) => lane);
  }

  batchOf(lane: string): number {
    return this.#lanes.get(lane)?.batch ?? 1;
  }

  suspect(lanes: Iterable<string>, nowMs: number): void {
    for (const lane of lanes) {
      if (this.#lanes.has(lane)) continue;
      const forgetAtMs = nowMs + forgetAfterMs;
      this.#lanes.set(lane, {
        batch: 1,
        misses: 0,
        pauses: 0,
        notBeforeMs: nowMs,
        clearAfterMs: nowMs,
        forgetAtMs,
      });
    }
  }

  /** There is nothing to claim from the lane now: others come first. */
  passOver(lane: string, nowMs: number): void {
    const suspect = this.#takeOut(lane);
    if (suspect !== undefined && nowMs < suspect.forgetAtMs) this.#lanes.set(lane, suspect);
  }

  /**
   * A claim of `rows` rows was made: the lane gets more at once, or fewer, so that each claim takes a moment only.
   *
   * @param mayClear Whether nothing else speaks against it.
   */
  succeeded(lane: string, rows: number, tookMs: number, mayClear: boolean, nowMs: number): void {
    const suspect = this.#takeOut(lane);
    if (suspect === undefined) return;
    const isQuick = tookMs <= this.#quickMs && nowMs >= suspect.clearAfterMs;
    if (mayClear && isQuick && suspect.batch >= secondBatch) return;
    const fitting = Math.max(1, Math.floor((Math.max(1, rows) * this.#quickMs) / tookMs));
    this.#lanes.set(lane, {
      ...suspect,
      batch: Math.min(fitting, secondBatch * suspect.batch),
      misses: 0,
      pauses: 0,
      notBeforeMs: nowMs,
      forgetAtMs: nowMs + forgetAfterMs,
    });
  }

  /** An answer of the lane has been written by itself. A slow one would delay those of other lanes. */
  settled(lane: string, tookMs: number, nowMs: number): void {
    if (tookMs * slowAnswerShare < this.#quickMs) return;
    this.suspect([lane], nowMs);
    const suspect = this.#lanes.get(lane);
    if (suspect !== undefined) suspect.clearAfterMs = nowMs + apartAfterSlowAnswerMs;
  }

  /** A claim of several rows failed: one of them is why. */
  failed(lane: string): void {
    const suspect = this.#takeOut(lane);
    if (suspect !== undefined) this.#lanes.set(lane, { ...suspect, batch: 1 });
  }

  /** A row could not be claimed: it is avoided, for longer each time. */
  avoid(row: Omit<AvoidedRow, "notBeforeMs" | "failures">, nowMs: number): void {
    const failures = (this.#rows.get(row.id)?.failures ?? 0) + 1;
    const notBeforeMs = nowMs + backoffMs(rowWaits, failures, rowWaits.baseMs, Math.random);
    const isTooMany = failures === 1 && this.#rows.size >= mostRows;
    if (!isTooMany) this.#rows.set(row.id, { ...row, failures, notBeforeMs });
    if (isTooMany) this.suspect([row.lane], nowMs);
    const suspect = this.#takeOut(row.lane);
    if (suspect === undefined) return;
    const misses = suspect.misses + 1;
    if (misses < missesOfALane && !isTooMany) {
      this.#lanes.set(row.lane, { ...suspect, misses });
      return;
    }
    const pauses = suspect.pauses + 1;
    const pauseMs = backoffMs(laneWaits, pauses, laneWaits.baseMs, Math.random);
    this.#lanes.set(row.lane, { ...suspect, misses: 0, pauses, notBeforeMs: nowMs + pauseMs });
  }

  /** The row was claimed, or is gone: what it waited for has probably released others, too. */
  forgive({ id, lane }: Pick<AvoidedRow, "id" | "lane">, nowMs: number): void {
    if (!this.#rows.delete(id)) return;
    const next = [...this.#rows.values()].find((row) => row.lane === lane);
    if (next !== undefined) this.#rows.set(next.id, { ...next, notBeforeMs: nowMs });
    const suspect = this.#lanes.get(lane);
    if (suspect !== undefined)
      this.#lanes.set(lane, { ...suspect, misses: 0, pauses: 0, notBeforeMs: nowMs });
  }

  get avoided(): number {
    return this.#rows.size;
  }

  /** The rows of a lane that a claim has to avoid; undefined where there are none. */
  avoidedIn(lane: string): readonly string[] | undefined {
    if (this.#rows.size === 0) return undefined;
    const ids = [...this.#rows.values()].filter((row) => row.lane === lane).map(({ id }) => id);
    return ids.length > 0 ? ids : undefined;
  }

  /** The avoided row that is to be tried again next, if its time has come. */
  nextRow(nowMs: number): AvoidedRow | null {
    let next: AvoidedRow | null = null;
    for (const row of this.#rows.values()) {
      const notBeforeMs = Math.max(row.notBeforeMs, this.#lanes.get(row.lane)?.notBeforeMs ?? 0);
      if (notBeforeMs <= nowMs && row.notBeforeMs < (next?.notBeforeMs ?? Infinity)) next = row;
    }
    return next;
  }

  #takeOut(lane: string): Suspect | undefined {
    const suspect = this.#lanes.get(lane);
    this.#lanes.delete(lane);
    return suspect;
  }
}
