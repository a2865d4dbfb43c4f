import type { QueuedLane } from "@talkme/outbox/daemon";

/** How many rows more than the limit a claim looks at, while a part of the country may not be written to. */
const scanRows = 200;

interface LaneRule {
  readonly paused: boolean;
  readonly guarded: boolean;
  readonly closedUntilMs: number;
  readonly partlyClosed: boolean;
}

/**
 * What people have said about lanes in the database, as of the last look: pauses and sending windows. A pause binds each
 * claim all the same, because the claim's statement asks for it again; here it keeps claims from being tried.
 */
export class LaneRules {
  #rules: ReadonlyMap<string, LaneRule> = new Map();

  learn(queued: readonly QueuedLane[], nowMs: number): void {
    this.#rules = new Map(
      queued.map(({ lane, paused, guarded, closedForMs, partlyClosed }) => [
        lane,
        { paused, guarded, closedUntilMs: nowMs + closedForMs, partlyClosed },
      ]),
    );
  }

  /** Milliseconds for which no row of the lane may go; infinite while it is paused. */
  waitMs(lane: string, nowMs: number): number {
    const rule = this.#rules.get(lane);
    if (rule === undefined) return 0;
    return rule.paused ? Number.POSITIVE_INFINITY : Math.max(0, rule.closedUntilMs - nowMs);
  }

  /** What a claim of the lane has to heed. */
  heed(lane: string): { readonly guarded: boolean; readonly scan: number } {
    const rule = this.#rules.get(lane);
    return { guarded: rule?.guarded ?? false, scan: rule?.partlyClosed === true ? scanRows : 0 };
  }
}
