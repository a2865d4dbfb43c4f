import type { LaneAnswers } from "./lane-answers.ts";
import type { OpenLane } from "./open-lane.ts";

/** One lane of an account is tried in a turn; a few more are offered, in case a rate stops the first ones. */
const mostTrialsOffered = 8;

const oldest = Number.MAX_SAFE_INTEGER;

/**
 * The lanes to try, the least doubtful first, a few of each account.
 *
 * @param newestFirst Among equals the lane with the latest row comes first; else they keep their order.
 */
export function inTrialOrder(
  lanes: readonly OpenLane[],
  answers: LaneAnswers,
  newestFirst: boolean,
  nowMs: number,
): readonly OpenLane[] {
  return lanes
    .map((lane) => ({
      lane,
      doubt: doubtAbout(lane.lane, answers, nowMs),
      age: newestFirst ? (lane.age ?? oldest) : oldest,
    }))
    .toSorted((a, b) => a.doubt - b.doubt || a.age - b.age)
    .map(({ lane }) => lane)
    .filter(firstOfEachAccount(mostTrialsOffered));
}

function doubtAbout(lane: string, answers: LaneAnswers, nowMs: number): number {
  const failures = answers.of(lane).notFounds + answers.hangs(lane);
  return failures + (answers.isTrusted(lane, nowMs) ? 0 : 0.5);
}

/** For a filter: keeps at most this many lanes of each account. */
function firstOfEachAccount(most: number): (lane: OpenLane) => boolean {
  const counts = new Map<string, number>();
  return ({ account }) => {
    const count = (counts.get(account) ?? 0) + 1;
    counts.set(account, count);
    return count <= most;
  };
}
