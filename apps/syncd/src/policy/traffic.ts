/** The time constant of the mean. */
const meanMs = 250;

/** Traffic becomes dense at the first rate, in rows a second, and stays so down to the second. */
const denseFrom = 500;
const denseUntil = 250;

/** Estimates the rate of claimed rows: in dense traffic a turn pays for waiting a moment for more of them. */
export class Traffic {
  #perSecond = 0;
  #atMs = 0;
  #dense = false;

  /** Records `rows` claimed just now. */
  note(rows: number, nowMs: number): void {
    this.#perSecond = this.perSecond(nowMs) + (rows * 1000) / meanMs;
    this.#atMs = nowMs;
  }

  perSecond(nowMs: number): number {
    return this.#perSecond * Math.exp((this.#atMs - nowMs) / meanMs);
  }

  isDense(nowMs: number): boolean {
    this.#dense = this.perSecond(nowMs) >= (this.#dense ? denseUntil : denseFrom);
    return this.#dense;
  }
}
