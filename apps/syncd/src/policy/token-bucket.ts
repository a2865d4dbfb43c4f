/** A token that is whole but for what many small additions have lost. */
const roundingError = 1e-9;

/** Limits a rate, with a bounded burst. Time is a parameter: any monotonic clock in milliseconds will do. */
export class TokenBucket {
  #ratePerSecond: number;
  #tokens: number;
  #filledAtMs: number;

  /** @param ratePerSecond 0 is unlimited. */
  constructor(ratePerSecond: number, nowMs: number) {
    this.#ratePerSecond = ratePerSecond;
    this.#tokens = 1;
    this.#filledAtMs = nowMs;
  }

  /** Changes the rate from now on; tokens above the new burst are lost. */
  setRate(ratePerSecond: number, nowMs: number): void {
    this.#fill(nowMs);
    this.#ratePerSecond = ratePerSecond;
    this.#tokens = Math.min(this.#tokens, this.#burst());
  }

  /** How many may go now. */
  available(nowMs: number): number {
    if (this.#ratePerSecond === 0) return Number.POSITIVE_INFINITY;
    this.#fill(nowMs);
    return Math.floor(this.#tokens + roundingError);
  }

  /** Takes `count` tokens that {@link available} has shown. */
  take(count: number): void {
    if (this.#ratePerSecond !== 0) this.#tokens -= count;
  }

  /** Milliseconds until the next token; 0 where there is one. */
  nextTokenInMs(nowMs: number): number {
    if (this.available(nowMs) >= 1) return 0;
    return Math.ceil(((1 - this.#tokens) / this.#ratePerSecond) * 1000);
  }

  /** A tenth of a second's worth: enough that a loop with a few turns a second keeps the rate. */
  #burst(): number {
    return Math.max(1, this.#ratePerSecond / 10);
  }

  #fill(nowMs: number): void {
    const gained = (Math.max(0, nowMs - this.#filledAtMs) / 1000) * this.#ratePerSecond;
    this.#tokens = Math.min(this.#burst(), this.#tokens + gained);
    this.#filledAtMs = nowMs;
  }
}
