/** Tries that fail before a further one has to wait. */
const freeTries = 5;
const firstWaitMs = 2000;
const longestWaitMs = 15 * 60_000;

/** Beyond this many names and addresses, the oldest is forgotten: whoever invents names must not fill the memory. */
const mostKeys = 10_000;

interface Failures {
  count: number;
  waitUntilMs: number;
}

/**
 * Slows guessing down: after five tries that failed, of a name or from an address, each further one waits, twice as long each time, up
 * to a quarter of an hour. A try that waits is refused without looking at its password. This process's memory alone: a restart
 * forgets it.
 */
export class LoginLimiter {
  readonly #failures = new Map<string, Failures>();

  /** How long a try has to wait; 0 if it need not. */
  waitMs(keys: readonly string[], nowMs: number): number {
    return Math.max(0, ...keys.map((key) => (this.#failures.get(key)?.waitUntilMs ?? 0) - nowMs));
  }

  failed(keys: readonly string[], nowMs: number): void {
    for (const key of keys) {
      const count = (this.#failures.get(key)?.count ?? 0) + 1;
      const waitMs = count < freeTries ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** (count - freeTries));
      this.#failures.delete(key);
      this.#failures.set(key, { count, waitUntilMs: nowMs + waitMs });
    }
    while (this.#failures.size > mostKeys) {
      const [oldest] = this.#failures.keys();
      if (oldest !== undefined) this.#failures.delete(oldest);
    }
  }

  /** The person is who they say: their name is free again. */
  succeeded(key: string): void {
    this.#failures.delete(key);
  }
}
