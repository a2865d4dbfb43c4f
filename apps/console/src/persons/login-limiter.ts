const firstWaitMs = 2000;
const longestWaitMs = 15 * 60_000;

/** Beyond this many names or addresses, the oldest is forgotten: whoever invents names must not fill the memory. */
const mostKeys = 10_000;

interface Failures {
  readonly count: number;
  readonly lastMs: number;
}

/**
 * Slows guessing down: after `freeTries` that failed, each further one of the same name, or from the same address, waits twice as long
 * as the last, up to a quarter of an hour. A try that waits is refused without looking at its password. After a quiet quarter of an
 * hour more, all is forgotten. This process's memory alone: a restart forgets it, too.
 */
export class LoginLimiter {
  readonly #freeTries: number;
  readonly #failures = new Map<string, Failures>();

  constructor(freeTries: number) {
    this.#freeTries = freeTries;
  }

  /** How long a try has to wait; 0 if it need not. */
  waitMs(key: string, nowMs: number): number {
    const failures = this.#failures.get(key);
    return failures === undefined ? 0 : Math.max(0, failures.lastMs + this.#waitAfter(failures) - nowMs);
  }

  /** A try begins: it counts as failed until {@link takeBack}, so that many at the same moment are not all free. */
  began(key: string, nowMs: number): void {
    const before = this.#failures.get(key);
    const isOver = before !== undefined && nowMs > before.lastMs + this.#waitAfter(before) + longestWaitMs;
    this.#failures.delete(key);
    this.#failures.set(key, { count: isOver ? 1 : (before?.count ?? 0) + 1, lastMs: nowMs });
    if (this.#failures.size <= mostKeys) return;
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined) this.#failures.delete(oldest);
  }

  /** The last try did not fail. */
  takeBack(key: string): void {
    const { count = 0, lastMs = 0 } = this.#failures.get(key) ?? {};
    if (count > 1) this.#failures.set(key, { count: count - 1, lastMs });
    else this.#failures.delete(key);
  }

  /** Nothing counts any more. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  #waitAfter({ count }: Failures): number {
    return count < this.#freeTries
      ? 0
      : Math.min(longestWaitMs, firstWaitMs * 2 ** (count - this.#freeTries));
  }
}
