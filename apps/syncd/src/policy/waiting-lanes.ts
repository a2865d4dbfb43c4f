import type { Queue, QueuedLane } from "@talkme/outbox/daemon";

import { holdReason, type HoldReason } from "./held-lane.ts";

/** How many lanes have due rows, and since when the oldest of these waits, in seconds since 1970; 0 where there is none. */
interface Backlog {
  readonly lanes: number;
  readonly oldestSeconds: number;
}

/** The due rows that may go, apart from those that a pause or a closed window holds. */
export interface Waiting {
  readonly free: Backlog;
  readonly held: Readonly<Record<HoldReason, Backlog>>;
}

/**
 * Tells rows that wait too long from rows that wait because somebody wants them to. A lane that was held has waited since it
 * was last seen held: what has come in overnight is not hours late in the minute in which its window opens.
 */
export class WaitingLanes {
  #heldAtSeconds: ReadonlyMap<string, number> = new Map();

  see({ lanes, nowSeconds }: Pick<Queue, "lanes" | "nowSeconds">): Waiting {
    const due = lanes.filter(({ dueInMs }) => dueInMs <= 0);
    const before = this.#heldAtSeconds;
    this.#heldAtSeconds = new Map(
      lanes.flatMap((lane) => {
        const heldAtSeconds = holdReason(lane) === null ? before.get(lane.lane) : nowSeconds;
        return heldAtSeconds === undefined ? [] : [[lane.lane, heldAtSeconds]];
      }),
    );
    const sinceFreed = ({ lane, dueAtSeconds }: QueuedLane): number =>
      Math.max(dueAtSeconds, before.get(lane) ?? dueAtSeconds);
    const heldFor = (reason: HoldReason): Backlog =>
      backlog(due.filter((lane) => holdReason(lane) === reason).map(({ dueAtSeconds }) => dueAtSeconds));
    return {
      free: backlog(due.filter((lane) => holdReason(lane) === null).map(sinceFreed)),
      held: { pause: heldFor("pause"), window: heldFor("window") },
    };
  }
}

function backlog(sinceSeconds: readonly number[]): Backlog {
  const [first = 0] = sinceSeconds;
  return {
    lanes: sinceSeconds.length,
    oldestSeconds: sinceSeconds.reduce((oldest, seconds) => Math.min(oldest, seconds), first),
  };
}
