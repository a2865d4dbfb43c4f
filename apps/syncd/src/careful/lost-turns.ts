import { nextTurn, type TurnRange } from "@talkme/outbox/daemon";

/** The lost turns of one outage are one range. Beyond this many, the earliest are dropped. */
const maxRanges = 1000;

/**
 * Which turns of this process never got an answer. Only what these have claimed is provably unsent: the rows of every other
 * turn were dispatched. No turn is ever taken off the list, because its statement may be committed much later.
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

  /** What they have claimed counts as sent from now on: another instance may have claimed it after them. */
  forget(): void {
    this.#ranges.length = 0;
  }

  /** No answer came. Harmless where one came that says that nothing was claimed. */
  lose(turn: number): void {
    const latest = this.#ranges.at(-1);
    if (latest?.last === turn - 1) this.#ranges.splice(-1, 1, { first: latest.first, last: turn });
    else this.#ranges.push({ first: turn, last: turn });
    // What a dropped turn has claimed becomes unknown, which is safe.
    if (this.#ranges.length > maxRanges) this.#ranges.shift();
  }
}
