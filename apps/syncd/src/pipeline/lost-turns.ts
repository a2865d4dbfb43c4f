import type { TurnRange } from "@talkme/outbox/daemon";

/** Those of an outage follow one another, and are one range: of so many outages the latest count. */
const maxRanges = 1000;

/**
 * The turns whose answer never came. Only what these have claimed is provably unsent: of every other turn the answer was here, and
 * its rows were dispatched. A turn is never taken off the list: its statement may be committed much later.
 */
export class LostTurns {
  readonly #ranges: TurnRange[] = [];

  get ranges(): readonly TurnRange[] {
    return this.#ranges;
  }

  /** @param turn Later than every other that was added. */
  add(turn: number): void {
    const latest = this.#ranges.at(-1);
    if (latest?.last === turn - 1) this.#ranges.splice(-1, 1, { first: latest.first, last: turn });
    else this.#ranges.push({ first: turn, last: turn });
    // What it has claimed becomes unknown: that is safe, too.
    if (this.#ranges.length > maxRanges) this.#ranges.shift();
  }
}
