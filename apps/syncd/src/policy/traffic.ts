/** How long what was claimed counts: the time constant of the mean. */
const meanMs = 250;

/** From so many rows a second on, traffic is dense; until so many are left, it stays so. */
const denseFrom = 500;
const denseUntil = 250;

/** How many rows a second are being sent: whether it is worth while to wait a moment for more of them. */
export class Traffic {
  #perSecond = 0;
  #atMs = 0;
  #dense = false;

  /** So many rows were claimed just now. */
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
