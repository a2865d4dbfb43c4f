import type { Metrics } from "../metrics/metrics.ts";

/** Counts how often and for how long due rows wait for a rate while a slot is free. */
export class RateWaits {
  readonly #metrics: Pick<Metrics, "rateWaits" | "rateWaitSeconds">;
  /** By scope: the moment up to which its wait was counted. */
  readonly #countedAtMs = new Map<string, number>();

  constructor(metrics: Pick<Metrics, "rateWaits" | "rateWaitSeconds">) {
    this.#metrics = metrics;
  }

  /** @param waiting Every scope that rows wait for now. */
  note(waiting: ReadonlySet<string>, nowMs: number): void {
    for (const [scope, countedAtMs] of this.#countedAtMs) {
      this.#metrics.rateWaitSeconds.inc({ scope }, (nowMs - countedAtMs) / 1000);
      if (!waiting.has(scope)) this.#countedAtMs.delete(scope);
    }
    for (const scope of waiting) {
      if (!this.#countedAtMs.has(scope)) this.#metrics.rateWaits.inc({ scope });
      this.#countedAtMs.set(scope, nowMs);
    }
  }
}
