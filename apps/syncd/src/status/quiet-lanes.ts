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
export const namedLanes = 20;

/** The lanes that are left alone, each once. */
export function quietLanes(lanes: Iterable<QueuedLane>): readonly QuietLane[] {
  const quiet = new Map<string, QuietLane>();
  for (const { lane, notFounds, quietForMs } of lanes) {
    if (quietForMs <= 0) continue;
    const { campaign, channel } = parseLane(lane);
    quiet.set(lane, {
      lane,
      scope: campaign === null ? scopeOf("channel", channel ?? "-") : scopeOf("campaign", campaign),
      not_founds: notFounds,
      tried_in_seconds: Math.ceil(quietForMs / 1000),
    });
  }
  return [...quiet.values()];
}
