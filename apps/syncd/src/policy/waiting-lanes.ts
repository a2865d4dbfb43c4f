import type { Queue } from "@talkme/outbox/daemon";

import { holdReason, type HoldReason } from "./held-lane.ts";

/** How many lanes have due rows, and since when the oldest of these waits, in seconds since 1970; 0 where there is none. */
interface Backlog {
  readonly lanes: number;
  readonly oldestSeconds: number;
}

const nothing: Backlog = { lanes: 0, oldestSeconds: 0 };

type QueuePage = Pick<Queue, "lanes" | "nowSeconds">;

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

  /** @param pages The queue, page by page: none of them is kept. */
  async see(pages: AsyncIterable<QueuePage> | Iterable<QueuePage>): Promise<Waiting> {
    const before = this.#heldAtSeconds;
    const heldAt = new Map<string, number>();
    const backlogs = { free: nothing, pause: nothing, window: nothing };
    for await (const { lanes, nowSeconds } of pages) {
      for (const lane of lanes) {
        const reason = holdReason(lane);
        const heldAtSeconds = reason === null ? before.get(lane.lane) : nowSeconds;
        if (heldAtSeconds !== undefined) heldAt.set(lane.lane, heldAtSeconds);
        if (lane.dueInMs > 0) continue;
        const freedAtSeconds =
          reason === null ? (before.get(lane.lane) ?? lane.dueAtSeconds) : lane.dueAtSeconds;
        const kind = reason ?? "free";
        backlogs[kind] = withLane(backlogs[kind], Math.max(lane.dueAtSeconds, freedAtSeconds));
      }
    }
    this.#heldAtSeconds = heldAt;
    const { free, pause, window } = backlogs;
    return { free, held: { pause, window } };
  }
}

function withLane({ lanes, oldestSeconds }: Backlog, sinceSeconds: number): Backlog {
  return {
    lanes: lanes + 1,
    oldestSeconds: lanes === 0 ? sinceSeconds : Math.min(oldestSeconds, sinceSeconds),
  };
}
