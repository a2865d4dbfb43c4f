import { settingOf, type Setting } from "../designs.ts";
import { keyOf } from "../search/pack.ts";
import { tidy } from "../search/tidy.ts";
import { initialState, type State } from "../state.ts";
import { stepsFrom } from "../steps/steps.ts";
import { consumptions } from "./consumptions.ts";
import type { Progress, Story } from "./story.ts";

/** How far a path of the model has followed a story. */
type Place = readonly [State, Progress];

/** A story that takes longer is left undecided: a second or two. */
const mostPlaces = 100_000;

/** More attempts than any row has. */
const endless = 50;

/**
 * Whether the model can do what was observed: some path of it makes these requests, gets these answers, records these attempts and
 * ends like the row. Nobody decides in it but the daemon. Null: too long to say.
 */
export function isInModel(story: Story): boolean | null {
  // Where a row failed by its last attempt, that was the last that it had.
  const limits =
    story.status === "failed" || story.status === "unknown" ? [endless, ...counts(story)] : [endless];
  let verdict: boolean | null = false;
  for (const maxAttempts of limits) {
    const isPossible = isFollowed(story, settingFor(story, maxAttempts));
    if (isPossible === true) return true;
    if (isPossible === null) verdict = null;
  }
  return verdict;
}

function counts({ attempts, answers }: Story): readonly number[] {
  const most = Math.max(attempts.length, answers.length);
  return Array.from({ length: most }, (_, index) => index + 1);
}

/** Each request that left no clear answer or no attempt took a fault; two more may have left no trace. */
function settingFor({ onUnknown, answers, attempts }: Story, maxAttempts: number): Setting {
  const unclear = attempts.filter((outcome) => outcome === "unknown").length;
  const unrecorded = Math.max(0, answers.length - attempts.length);
  return settingOf({
    says: "a story that was observed",
    rows: [onUnknown],
    change: "none",
    isCutOff: false,
    durability: "local",
    maxAttempts,
    faults: unclear + unrecorded + 2,
    hasSentAgain: false,
    without: [],
    expected: null,
  });
}

/** Null: too long to say. */
function isFollowed(story: Story, setting: Setting): boolean | null {
  const none = { accepted: 0, rejected: 0, not_sent: 0, unknown: 0 };
  for (const outcome of story.attempts) none[outcome] += 1;
  const first: Place = [initialState(setting.rows, setting.faults), { answers: 0, attempts: none }];
  // By the faults that were used: where the same is reached with fewer, more may follow.
  const waiting: Place[][] = [[first], ...Array.from({ length: setting.faults }, () => [])];
  const seen = new Set<string>();
  for (const places of waiting) {
    for (let place = places.pop(); place !== undefined; place = places.pop()) {
      const key = placeKey(place);
      if (seen.has(key)) continue;
      seen.add(key);
      if (isItsEnd(...place, story)) return true;
      if (seen.size > mostPlaces) return null;
      for (const next of placesAfter(place, story, setting)) {
        waiting[setting.faults - next[0].faultsLeft]?.push(next);
      }
    }
  }
  return false;
}

function placesAfter([state, progress]: Place, story: Story, setting: Setting): readonly Place[] {
  return stepsFrom(state, setting).flatMap((step) => {
    const further = consumptions(state, step, progress, story);
    if (further.length === 0) return [];
    const after = tidy(step.next);
    return further.map((each): Place => [after, each]);
  });
}

function placeKey([state, { answers, attempts }]: Place): string {
  return `${keyOf({ ...state, faultsLeft: 0 })}${answers},${Object.values(attempts).join()}`;
}

function isItsEnd({ primary, deeds, claims }: State, { answers, attempts }: Progress, story: Story): boolean {
  return (
    primary.rows[0]?.status === story.status &&
    deeds[0]?.accepted === Math.min(story.accepted, 2) &&
    answers === story.answers.length &&
    Object.values(attempts).every((left) => left === 0) &&
    claims.every(({ wire }) => wire !== "out")
  );
}
