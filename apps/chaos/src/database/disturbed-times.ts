/** When the database was disturbed; only then may a clean stop fail. */
export class DisturbedTimes {
  readonly #times: { readonly fromMs: number; toMs: number }[] = [];

  /** Records the database as disturbed during `work`. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const time = { fromMs: performance.now(), toMs: Number.POSITIVE_INFINITY };
    this.#times.push(time);
    try {
      return await work();
    } finally {
      time.toMs = performance.now();
    }
  }

  /** Whether it was disturbed at any moment between `fromMs` and now, on the monotonic clock. */
  since(fromMs: number): boolean {
    return this.#times.some(({ toMs }) => toMs >= fromMs);
  }
}
