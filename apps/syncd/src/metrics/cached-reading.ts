import { setTimeout as sleep } from "node:timers/promises";

/** However many ask: reading uses at most a fiftieth of the time, as far as it takes less than 2.4 seconds. */
const freshForMs = 5000;
const readingShare = 0.02;

/** Older numbers would mislead whoever looks at them, and alerts. */
const restAtMostMs = 120_000;

/** A reading that failed says little about the load of the next one: it is tried again after a minute at most. */
const failedForAtMostMs = 60_000;

/** Prometheus gives a scrape ten seconds by default: better old numbers than none of any kind. */
const patienceMs = 5000;

type Reading<T> =
  | { readonly kind: "none" }
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "failure"; readonly error: unknown };

/** Reads something of the database, and remembers it for a while: what measures must not become the load. */
export class CachedReading<T> {
  readonly #read: () => Promise<T>;
  readonly #onError: (error: unknown) => void;
  #latest: Reading<T> = { kind: "none" };
  #refreshed: Promise<void> = Promise.resolve();
  #staleAtMs = 0;

  /** @param onError Told of each reading that failed, once. */
  constructor(read: () => Promise<T>, onError: (error: unknown) => void) {
    this.#read = read;
    this.#onError = onError;
  }

  /**
   * What was read within the last seconds, and what was read before where reading takes too long.
   *
   * @throws what the last reading failed with, or an Error where the first one takes longer than 5 seconds.
   */
  async get(): Promise<T> {
    if (performance.now() >= this.#staleAtMs) {
      this.#staleAtMs = Number.POSITIVE_INFINITY;
      this.#refreshed = Promise.race([this.#refresh(), sleep(patienceMs, undefined, { ref: false })]);
    }
    await this.#refreshed;
    const latest = this.#latest;
    switch (latest.kind) {
      case "none":
        throw new Error("The database takes too long to answer.");
      case "failure":
        throw latest.error;
      case "value":
        return latest.value;
    }
  }

  async #refresh(): Promise<void> {
    const startedAtMs = performance.now();
    let longestRestMs = restAtMostMs;
    try {
      this.#latest = { kind: "value", value: await this.#read() };
    } catch (error) {
      this.#latest = { kind: "failure", error };
      longestRestMs = failedForAtMostMs;
      this.#onError(error);
    }
    const nowMs = performance.now();
    const restMs = Math.min(longestRestMs, (nowMs - startedAtMs) / readingShare);
    this.#staleAtMs = nowMs + Math.max(freshForMs, restMs);
  }
}
