import type { Queue } from "@talkme/outbox/daemon";

import { stopReason, type StopReason } from "./stopped-lane.ts";

/** Lanes with due rows, and since when the oldest row waits, in seconds since 1970; 0 without any. */
interface Backlog {
  readonly lanes: number;
  readonly oldestSeconds: number;
}

const nothing: Backlog = { lanes: 0, oldestSeconds: 0 };

type QueuePage = Pick<Queue, "lanes" | "nowSeconds">;

/** The due rows that may go, and those that a pause or a closed window stops. */
export interface Waiting {
  readonly free: Backlog;
  readonly stopped: Readonly<Record<StopReason, Backlog>>;
}

/**
 * Separates rows that wait too long from rows that wait on purpose. A lane that was stopped has waited since it was last
 * seen stopped: rows inserted overnight are not hours late when their window opens.
 */
export class WaitingLanes {
  #stoppedAtSeconds: ReadonlyMap<string, number> = new Map();

  /** @param pages The queue, page by page; keeps none. */
  async see(pages: AsyncIterable<QueuePage> | Iterable<QueuePage>): Promise<Waiting> {
    const before = this.#stoppedAtSeconds;
    const stoppedAt = new Map<string, number>();
    const backlogs = { free: nothing, pause: nothing, window: nothing };
    for await (const { lanes, nowSeconds } of pages) {
      for (const lane of lanes) {
        const reason = stopReason(lane);
        const stoppedAtSeconds = reason === null ? before.get(lane.lane) : nowSeconds;
        if (stoppedAtSeconds !== undefined) stoppedAt.set(lane.lane, stoppedAtSeconds);
        if (lane.dueInMs > 0) continue;
        const freedAtSeconds =
          reason === null ? (before.get(lane.lane) ?? lane.dueAtSeconds) : lane.dueAtSeconds;
        const kind = reason ?? "free";
        backlogs[kind] = withLane(backlogs[kind], Math.max(lane.dueAtSeconds, freedAtSeconds));
      }
    }
    this.#stoppedAtSeconds = stoppedAt;
    const { free, pause, window } = backlogs;
    return { free, stopped: { pause, window } };
  }
}

function withLane({ lanes, oldestSeconds }: Backlog, sinceSeconds: number): Backlog {
  return {
    lanes: lanes + 1,
    oldestSeconds: lanes === 0 ? sinceSeconds : Math.min(oldestSeconds, sinceSeconds),
  };
}
