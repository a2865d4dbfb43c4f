/** An idle scope begins this far in the past, so that a few messages go at once. */
export const creditMs = 100;

/**
 * A time expires after this, or when the next one comes if that is later: late messages must not join those on time.
 */
const slotLifeMs = 250;

/** How much time one reservation covers: each is a statement. */
const reserveForMs = 250;

/**
 * The times at which this instance may send a message of one scope. They are reserved in the database, where no two
 * instances get the same, `1 / ratePerSecond` seconds apart. In any second at most
 * `ratePerSecond × (1 + slotLifeMs / 1000) + 1` messages go out, all instances together; two more than the rate where
 * that is less than 4.
 *
 * Times are of one monotonic clock; the rate may change at any time.
 */
export class Pace {
  ratePerSecond: number;
  /** Ascending. */
  #slots: number[] = [];
  /** How many times of the last reservation were used. */
  #used = 0;

  constructor(ratePerSecond: number) {
    this.ratePerSecond = ratePerSecond;
  }

  /** How many messages may go now. */
  available(nowMs: number): number {
    this.#dropLate(nowMs);
    const next = this.#slots.findIndex((slotMs) => slotMs > nowMs);
    return next === -1 ? this.#slots.length : next;
  }

  /** Uses `count` of the {@link available} times. */
  take(count: number): void {
    this.#slots.splice(0, count);
    this.#used += count;
  }

  /** Makes `count` times that {@link take} used available again. */
  giveBack(count: number, nowMs: number): void {
    const returned = Math.min(count, this.#used);
    this.#used -= returned;
    this.#slots.unshift(...Array<number>(returned).fill(nowMs));
  }

  /** Milliseconds until the next time, 0 if it has come; null if none is reserved. */
  nextInMs(nowMs: number): number | null {
    this.#dropLate(nowMs);
    const [next] = this.#slots;
    return next === undefined ? null : Math.max(0, next - nowMs);
  }

  /** How many to reserve, for an instance that could send `room` at once; 0 while there are enough. */
  wanted(room: number, nowMs: number): number {
    this.#dropLate(nowMs);
    if (this.#slots.length > 0) return 0;
    const most = Math.ceil((this.ratePerSecond * reserveForMs) / 1000);
    // The other instances lose what is reserved and not used.
    return Math.max(1, Math.min(most, Math.max(Math.min(room, 2), 2 * this.#used)));
  }

  /** Adds a reservation. */
  add(startsInMs: number, count: number, nowMs: number): void {
    this.#used = 0;
    const spacingMs = 1000 / this.ratePerSecond;
    for (let i = 0; i < count; i += 1) this.#slots.push(nowMs + startsInMs + i * spacingMs);
  }

  #dropLate(nowMs: number): void {
    const lifeMs = Math.max(slotLifeMs, 1000 / this.ratePerSecond);
    const late = this.#slots.findIndex((slotMs) => slotMs + lifeMs >= nowMs);
    this.#slots.splice(0, late === -1 ? this.#slots.length : late);
  }
}
