/** A request on the wire that tries a lane of which nobody knows whether the API takes its messages. */
export interface OnTrial {
  readonly sinceMs: number;
}

/** How many may be on the wire at once: their answers may be two 404s in a row, and never a third. */
const most = 2;

/**
 * How many where the API has taken a message of the account lately: then silence is about a campaign, not about the account, and
 * the circuit stops the account at the first 404 that comes.
 */
const mostOfProven = 4;

/** An answer that takes longer than this is slow, unless answers of the account always are. */
const shortestPatienceMs = 400;
const longestPatienceMs = 3000;
const usualTimes = 3;

/** A trial that has been on the wire for this long is not waited for. */
const besideMs = 200;

/** After how long a request of the account is silent: its answers have taken `usualMs` lately; null where nothing is known. */
export function patienceMs(usualMs: number | null): number {
  const expectedMs = (usualMs ?? 0) * usualTimes;
  return Math.min(longestPatienceMs, Math.max(shortestPatienceMs, expectedMs));
}

/**
 * Milliseconds until one more lane of an account may be tried, while its circuit is closed and no 404 is open; infinite where an
 * answer has to come first. Trials follow each other: only one that is silent is not waited for.
 *
 * The API locks the token at the third 404 in a row. At most two trials of an account are on the wire, so that an API that finds
 * nothing, however slowly it says so, is asked twice. Where it has taken a message within minutes there may be more, one after the
 * other, each after all before it have been silent for a while: so three campaigns that hang keep no other waiting.
 *
 * @param proven Whether the API has taken a message of the account lately.
 */
export function trialWaitMs(
  trials: Iterable<OnTrial>,
  { proven, patienceMs: patience }: { readonly proven: boolean; readonly patienceMs: number },
  nowMs: number,
): number {
  let count = 0;
  let youngest = Number.NEGATIVE_INFINITY;
  let second = Number.NEGATIVE_INFINITY;
  for (const { sinceMs } of trials) {
    count += 1;
    if (sinceMs > youngest) [youngest, second] = [sinceMs, youngest];
    else if (sinceMs > second) second = sinceMs;
  }
  if (count === 0) return 0;
  if (count >= (proven ? mostOfProven : most)) return Number.POSITIVE_INFINITY;
  return Math.max(0, youngest + besideMs - nowMs, second + patience - nowMs);
}
