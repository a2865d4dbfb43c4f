import { nextTurn, type TurnRange } from "@talkme/outbox/daemon";

/** Those of an outage follow one another, and are one range: of so many outages the latest count. */
const maxRanges = 1000;

/**
 * The turns of this process, and those of them whose answer never came. Only what these have claimed is provably unsent: of every
 * other turn the answer was here, and its rows were dispatched. A turn is never taken off the list: its statement may be committed
 * much later.
 */
export class LostTurns {
  readonly #ranges: TurnRange[] = [];
  #last = 0;

  get ranges(): readonly TurnRange[] {
    return this.#ranges;
  }

  /** The last turn that was begun; 0: none. */
  get last(): number {
    return this.#last;
  }

  begin(): number {
    this.#last = nextTurn();
    return this.#last;
  }

  /** No answer came, or one that says that nothing was claimed: then it does no harm. */
  lose(turn: number): void {
    const latest = this.#ranges.at(-1);
    if (latest?.last === turn - 1) this.#ranges.splice(-1, 1, { first: latest.first, last: turn });
    else this.#ranges.push({ first: turn, last: turn });
    // What it has claimed becomes unknown: that is safe, too.
    if (this.#ranges.length > maxRanges) this.#ranges.shift();
  }
}
