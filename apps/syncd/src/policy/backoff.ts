/** How long a row waits between two attempts. */
export interface BackoffPolicy {
  /** The ceiling of the first wait; it doubles with each further attempt. */
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * Exponential backoff with full jitter: a uniformly random wait below a ceiling that doubles with each attempt,
 * so that rows that failed together do not come back together.
 *
 * @param attempt The number of attempts made: 1 after the first.
 * @param floorMs The wait of `Retry-After`, which `maxMs` does not limit. Jitter is added to it, or everything refused
 *   together would return together.
 * @param random A number in [0, 1).
 */
export function backoffMs(
  policy: BackoffPolicy,
  attempt: number,
  floorMs: number,
  random: () => number,
): number {
  const ceilingMs = Math.min(policy.maxMs, policy.baseMs * 2 ** Math.min(attempt - 1, 52));
  return Math.round(floorMs + random() * ceilingMs);
}
