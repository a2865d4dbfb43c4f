/** A look may take this share of the time at most, however much there is to walk over. */
const lookShare = 0.1;

/**
 * A look that is this quick needs a pause only as long as itself: an idle daemon looks at every insert, and a row would
 * wait for the pause. With thousands of lanes a look takes longer.
 */
const quickLookMs = 25;

/** A page of the queue takes a few milliseconds: a longer look is due to the server's trouble of the moment. */
const longestPauseMs = 500;

/**
 * A notification does not say which lane the row is in: lanes that had rows a moment ago are tried first, and a look finds
 * the others. Where the tries claimed rows, it is put off by at most this: a look for each row would cost as much as its claim.
 */
const lookAfterTriesMs = 50;

/** When notifications work and nothing waits, look this many times less often: an idle daemon sends a statement a second. */
const idleFactor = 2;

/** The pages of a long queue follow each other no faster: each is a statement, and all lanes get their turn. */
const pageEveryMs = 100;

/** How a look went. */
export interface LookEnd {
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  /** Whether it showed a part of the queue only. */
  readonly isPart: boolean;
  readonly isEmpty: boolean;
}

/**
 * When to look at the table, and when to try the lanes that had rows a moment ago instead. Times are of one monotonic
 * clock.
 */
export class LookSchedule {
  readonly #pollIntervalMs: number;
  #dueAtMs = 0;
  #notBeforeMs = 0;
  #lastTookMs = 0;
  #foundNothing = false;
  /** An insert was reported, and the known lanes were not tried since. */
  #mayTry = false;
  /** The known lanes are being tried in this turn. */
  #tries = false;
  /** When the first insert was reported that no look has followed. */
  #insertAtMs: number | null = null;

  constructor(pollIntervalMs: number) {
    this.#pollIntervalMs = pollIntervalMs;
  }

  /** When the next look may begin. */
  get nextAtMs(): number {
    return Math.max(this.#dueAtMs, this.#notBeforeMs);
  }

  /** Something may have been inserted: look soon. */
  soon(): void {
    this.#dueAtMs = 0;
  }

  /** Something was inserted: try the known lanes first, and look within {@link lookAfterTriesMs}. */
  insertReported(nowMs: number): void {
    this.#mayTry = true;
    this.#insertAtMs ??= nowMs;
    this.soon();
  }

  /**
   * Whether to try the known lanes in this turn. An insert does not wait for a look that has come due. Under one insert
   * after the other tries and overdue looks take turns.
   */
  mayTry(nowMs: number): boolean {
    const isLookOverdue =
      nowMs - (this.#insertAtMs ?? nowMs) >= lookAfterTriesMs && nowMs >= this.#notBeforeMs;
    return this.#mayTry && !(isLookOverdue && this.#tries);
  }

  /** Begins a turn. @returns Whether it begins with a look. */
  beginTurn(tries: boolean, nowMs: number): boolean {
    this.#tries = tries;
    this.#mayTry = false;
    return !tries && nowMs >= this.nextAtMs;
  }

  /** The tries of this turn found rows: their look can wait a little. */
  triesSucceeded(): void {
    if (this.#tries) this.#dueAtMs = (this.#insertAtMs ?? 0) + lookAfterTriesMs;
  }

  /**
   * A look begins. What is inserted from now on needs another one.
   *
   * @param notified Whether notifications work.
   */
  lookBegan(notified: boolean, nowMs: number): void {
    this.#insertAtMs = null;
    this.#dueAtMs = nowMs + this.#pollIntervalMs * (this.#foundNothing && notified ? idleFactor : 1);
  }

  /** The inserts that were reported are still to be found. */
  lookFailed(): void {
    this.soon();
  }

  lookEnded({ beganAtMs, endedAtMs, isPart, isEmpty }: LookEnd): void {
    const tookMs = endedAtMs - beganAtMs;
    // One look that took long by chance, on a busy machine, makes nobody wait.
    const usualMs = Math.min(tookMs, this.#lastTookMs);
    this.#notBeforeMs = endedAtMs + pauseAfterMs(usualMs, isPart);
    this.#lastTookMs = tookMs;
    this.#foundNothing = isEmpty;
    if (isPart) this.#dueAtMs = beganAtMs + pageEveryMs;
  }
}

/** How long a look keeps off the next one. The page of a long queue is followed by the next without any insert. */
function pauseAfterMs(tookMs: number, isPart: boolean): number {
  return tookMs < quickLookMs && !isPart ? tookMs : Math.min(longestPauseMs, tookMs / lookShare);
}
