import { setTimeout as sleep } from "node:timers/promises";

/** Readings shorter than 2.4 s use at most a fiftieth of the time, whatever the number of callers. */
const freshForMs = 5000;
const readingShare = 0.02;

/** Older values would mislead people and alerts. */
const restAtMostMs = 120_000;

/** A failure's duration says little about the next reading, so the rest after it is shorter. */
const failedForAtMostMs = 60_000;

/** Prometheus gives a scrape ten seconds by default; an old value beats a failed scrape. */
const patienceMs = 5000;

type Reading<T> =
  | { readonly kind: "none" }
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "failure"; readonly error: unknown };

/** Caches a reading of the database: measuring must not become the load. */
export class CachedReading<T> {
  readonly #read: () => Promise<T>;
  readonly #onError: (error: unknown) => void;
  #latest: Reading<T> = { kind: "none" };
  #refreshed: Promise<void> = Promise.resolve();
  #staleAtMs = 0;

  /** @param onError Called once for each failed reading. */
  constructor(read: () => Promise<T>, onError: (error: unknown) => void) {
    this.#read = read;
    this.#onError = onError;
  }

  /**
   * A fresh value; while a reading takes too long, the previous one.
   *
   * @throws The last reading's error, or an Error if the first one takes longer than 5 seconds.
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
