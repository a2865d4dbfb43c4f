/** A request on the wire that tries a lane not known to work. */
export interface OnTrial {
  readonly sinceMs: number;
}

/** The most trials on the wire: even two 404s do not lock the token. */
const most = 2;

/**
 * The most if the API has lately accepted a message of the account: silence then concerns a campaign, not the account, and
 * the circuit stops the account at the first 404.
 */
const mostOfProven = 4;

/** A slower answer counts as silent, unless the account's answers are always slow. */
const shortestPatienceMs = 400;
const longestPatienceMs = 3000;
const usualTimes = 3;

/** After this long on the wire, a trial no longer delays the next. */
const besideMs = 200;

/**
 * How long a request may go without an answer before it counts as silent.
 *
 * @param usualMs The mean time of recent answers; null if unknown.
 */
export function patienceMs(usualMs: number | null): number {
  const expectedMs = (usualMs ?? 0) * usualTimes;
  return Math.min(longestPatienceMs, Math.max(shortestPatienceMs, expectedMs));
}

/**
 * Milliseconds until another lane of an account may be tried, while its circuit is closed and no 404 stands; infinite if
 * an answer must come first. A trial waits for the one before it, unless that is silent.
 *
 * The API locks the token at the third 404 in a row. At most two trials of an account are on the wire, so an API that finds
 * nothing, however slow, is asked twice. If it accepted a message within minutes, more may follow, each after the earlier
 * ones have been silent for a while: three hanging campaigns do not block the others.
 *
 * @param proven Whether the API has lately accepted a message of the account.
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
