/** A lane that the API took a message of so recently is taken to work still: campaigns are stopped by hand. */
const trustedForMs = 600_000;

const firstQuietMs = 2000;
const longestQuietMs = 300_000;

/** What is known of a lane. Times are of one monotonic clock. */
export interface LaneTrust {
  /** When the API last took a message of it; null where it has not, or has answered 404 since. */
  readonly acceptedAtMs: number | null;
  /** Answers 404 in a row. */
  readonly notFounds: number;
  /** Its rows wait until then. */
  readonly quietUntilMs: number;
}

export const unknownLane: LaneTrust = { acceptedAtMs: null, notFounds: 0, quietUntilMs: 0 };

/** Whether many rows of it may be on their way at once; else one row is tried first. */
export function isTrusted(lane: LaneTrust, nowMs: number): boolean {
  return lane.acceptedAtMs !== null && nowMs - lane.acceptedAtMs < trustedForMs;
}

/** Whether the trust is so old that it should be renewed for the other instances to know. */
export function isDueForRenewal(savedAtMs: number | null, nowMs: number): boolean {
  return savedAtMs === null || nowMs - savedAtMs > trustedForMs / 5;
}

/**
 * How long the rows of a lane wait after its answers 404. A first one may be about the row alone. Rows that follow
 * would most likely fail too, and each could be the one that locks the token.
 */
export function quietMs(notFounds: number): number {
  return notFounds < 2 ? 0 : Math.min(longestQuietMs, firstQuietMs * 2 ** (notFounds - 2));
}

/** So many answers of a lane in a row, in words that no rule knows, are not about one row. */
const unrecognizedToQuiet = 5;

/**
 * How long the rows of a lane wait after answers in words that no rule knows. Where other lanes of the account are
 * accepted no run of them opens the circuit, and each row would become `unknown`.
 */
export function quietMsUnrecognized(inARow: number): number {
  return inARow < unrecognizedToQuiet
    ? 0
    : Math.min(longestQuietMs, firstQuietMs * 2 ** (inARow - unrecognizedToQuiet));
}

/** The longest is short: nothing but the next request shows that the lane answers again. */
const longestHangPauseMs = 30_000;

/** How long the rows of a lane wait after so many requests without an answer. */
export function hangPauseMs(hangs: number): number {
  return Math.min(longestHangPauseMs, firstQuietMs * 2 ** (hangs - 1));
}
