import { parseLane, scopeOf, type QueuedLane } from "@talkme/outbox/daemon";

/** A campaign or channel that the API did not find: its rows wait while one of them is tried. */
export interface QuietLane {
  readonly lane: string;
  /** As `talkme.resume` takes it. */
  readonly scope: string;
  /** Answers 404 in a row. */
  readonly not_founds: number;
  readonly tried_in_seconds: number;
}

/** The most that are named to people; the others are counted. */
const namedLanes = 20;

/** Gathers the lanes that are left alone, each once, from the pages of a queue. */
export class QuietLanes {
  readonly #byLane = new Map<string, QuietLane>();

  add(lanes: Iterable<QueuedLane>): void {
    for (const { lane, notFounds, quietForMs } of lanes) {
      if (quietForMs <= 0) continue;
      const { campaign, channel } = parseLane(lane);
      this.#byLane.set(lane, {
        lane,
        scope: campaign === null ? scopeOf("channel", channel ?? "-") : scopeOf("campaign", campaign),
        not_founds: notFounds,
        tried_in_seconds: Math.ceil(quietForMs / 1000),
      });
    }
  }

  /** As many as people are shown, and the number of the others. */
  get named(): { readonly lanes: readonly QuietLane[]; readonly more: number } {
    const lanes = [...this.#byLane.values()].slice(0, namedLanes);
    return { lanes, more: this.#byLane.size - lanes.length };
  }
}
