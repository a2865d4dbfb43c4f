/** How long an accepted message proves its lane: campaigns are only stopped by hand. */
const trustedForMs = 600_000;

const firstQuietMs = 2000;
const longestQuietMs = 300_000;

/** What is known of a lane. Times are of one monotonic clock. */
export interface LaneTrust {
  /** When the API last accepted a message of it; null if never, or if it answered 404 since. */
  readonly acceptedAtMs: number | null;
  /** Answers 404 in a row. */
  readonly notFounds: number;
  /** Until when its rows wait. */
  readonly quietUntilMs: number;
}

export const unknownLane: LaneTrust = { acceptedAtMs: null, notFounds: 0, quietUntilMs: 0 };

/** Whether several of its rows may be sent at once; otherwise one is tried first. */
export function isTrusted(lane: LaneTrust, nowMs: number): boolean {
  return lane.acceptedAtMs !== null && nowMs - lane.acceptedAtMs < trustedForMs;
}

/** Whether the stored trust is old enough to be renewed for the other instances. */
export function isDueForRenewal(savedAtMs: number | null, nowMs: number): boolean {
  return savedAtMs === null || nowMs - savedAtMs > trustedForMs / 5;
}

/**
 * How long a lane's rows wait after 404s. The first may concern its row alone; after two, further rows would probably fail
 * too, and one could lock the token.
 */
export function quietMs(notFounds: number): number {
  return notFounds < 2 ? 0 : Math.min(longestQuietMs, firstQuietMs * 2 ** (notFounds - 2));
}

/** Fewer unmatched answers in a row may concern single rows. */
const unrecognizedToQuiet = 5;

/**
 * How long a lane's rows wait after answers that no rule matches. Accepted messages of other lanes would keep the circuit
 * closed, and each row would become `unknown`.
 */
export function quietMsUnrecognized(inARow: number): number {
  return inARow < unrecognizedToQuiet
    ? 0
    : Math.min(longestQuietMs, firstQuietMs * 2 ** (inARow - unrecognizedToQuiet));
}

/** Short, because only another request shows that the lane answers again. */
const longestHangPauseMs = 30_000;

/** How long a lane's rows wait after `hangs` requests in a row without an answer. */
export function hangPauseMs(hangs: number): number {
  return Math.min(longestHangPauseMs, firstQuietMs * 2 ** (hangs - 1));
}
