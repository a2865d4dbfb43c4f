import type { LaneClaim, QueuedLane } from "@talkme/outbox/daemon";

/** How many rows beyond its limit a claim looks at, while a part of the country may not be written to. */
const scanRows = 200;

interface LaneRule {
  readonly paused: boolean;
  readonly restricted: boolean;
  readonly closedUntilMs: number;
  readonly partlyClosed: boolean;
  /** As the claim compares them. */
  readonly rules: string;
  readonly seenAtMs: number;
}

/**
 * What people have said about lanes, as of the last look: pauses and sending windows. Each claim's statement checks them
 * again; here they keep claims from being tried in vain.
 */
export class LaneRules {
  readonly #rememberMs: number;
  #rules: ReadonlyMap<string, LaneRule> = new Map();

  /** @param rememberMs For how long to remember a lane that has no rows any more. */
  constructor(rememberMs: number) {
    this.#rememberMs = rememberMs;
  }

  /** @param kept Lanes that may be claimed from although the look did not show them. */
  learn(queued: readonly QueuedLane[], nowMs: number, kept: ReadonlySet<string>): void {
    const remembered = [...this.#rules].filter(
      ([lane, { seenAtMs }]) => nowMs - seenAtMs < this.#rememberMs || kept.has(lane),
    );
    const found = queued.map(
      ({ lane, paused, restricted, closedForMs, partlyClosed, rules }): [string, LaneRule] => [
        lane,
        { paused, restricted, closedUntilMs: nowMs + closedForMs, partlyClosed, rules, seenAtMs: nowMs },
      ],
    );
    this.#rules = new Map([...remembered, ...found]);
  }

  /** Milliseconds for which no row of the lane may go; infinite while it is paused. */
  waitMs(lane: string, nowMs: number): number {
    const rule = this.#rules.get(lane);
    if (rule === undefined) return 0;
    return rule.paused ? Number.POSITIVE_INFINITY : Math.max(0, rule.closedUntilMs - nowMs);
  }

  /** What a claim of the lane has to respect. */
  heed(lane: string): Pick<LaneClaim, "restricted" | "scan" | "rules"> {
    const rule = this.#rules.get(lane);
    return {
      restricted: rule?.restricted ?? false,
      scan: rule?.partlyClosed === true ? scanRows : 0,
      rules: rule?.rules ?? null,
    };
  }
}
