/**
 * How many answers a turn writes. Where a customer's trigger makes each of them slow: as many as fit into the time that a
 * turn may take. Unlimited while all is well.
 */
export class BatchSize {
  readonly #targetMs: number;
  #limit = Number.POSITIVE_INFINITY;

  constructor(targetMs: number) {
    this.#targetMs = targetMs;
  }

  get limit(): number {
    return this.#limit;
  }

  /** A turn wrote `answers` answers in `ms` milliseconds. */
  took(answers: number, ms: number): void {
    if (ms > this.#targetMs) this.#limit = Math.max(1, Math.floor((answers * this.#targetMs) / ms));
    else if (this.#limit !== Number.POSITIVE_INFINITY && answers >= this.#limit) this.#grow(ms);
  }

  /** A turn with `answers` answers ran into its bound, or one of them made it fail. */
  failed(answers: number): void {
    if (answers > 0) this.#limit = Math.max(1, Math.floor(answers / 4));
  }

  #grow(ms: number): void {
    const doubled = this.#limit * 2;
    // Beyond that there is no need to know.
    this.#limit =
      ms * 4 > this.#targetMs ? this.#limit + 1 : doubled > 1000 ? Number.POSITIVE_INFINITY : doubled;
  }
}
