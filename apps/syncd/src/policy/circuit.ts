import type { CircuitKind } from "@talkme/outbox";

/** What an answer says about the account or the API, as opposed to the row. */
export type CircuitSignal =
  | "success"
  | "none"
  /** No answer, or one that says nothing; it may have been a 404. */
  | "unknown"
  /** An answer that no rule matches. After several, its campaign or channel waits by itself. */
  | "unrecognized"
  | CircuitKind;

/** The vendor locks the token at the third 404 in a row: never get there. */
const notFoundsToOpen = 2;

/** When a circuit opens, and for how long. */
export interface CircuitPolicy {
  /** How many `unknown` or `not_sent` in a row open the circuit. */
  readonly troublesToOpen: number;
  /** How long it stays open after such a run; doubles with each failed trial, up to 20 times this. */
  readonly pauseMs: number;
  /** How long it stays open after a 401, a 403 or the 404s, which a person must fix. */
  readonly longPauseMs: number;
}

const longestPauseFactor = 20;

/** How long an account waits after a 429 without Retry-After; doubles with each that follows soon. */
const throttlePauseMs = 1000;
const slowestStep = 5;
const forgiveAfterMs = 60_000;

/** An account's circuit: a value. Times are of one monotonic clock. */
export interface Circuit {
  /** Answers 404 in a row. */
  readonly notFounds: number;
  /** Answers in a row that were `unknown` or `not_sent`. */
  readonly troubles: number;
  /** Null while it is closed. */
  readonly open: { readonly kind: CircuitKind; readonly halfOpenAtMs: number } | null;
  /** How often the rate was halved after a 429, and when the last one came. */
  readonly slowdown: number;
  readonly throttledAtMs: number | null;
  /** The instance that holds the permit to try a row. */
  readonly trial: { readonly by: string; readonly alive: boolean } | null;
}

export const closedCircuit: Circuit = {
  notFounds: 0,
  troubles: 0,
  open: null,
  slowdown: 0,
  throttledAtMs: null,
  trial: null,
};

/** An answer, as far as the circuit is concerned. */
export interface CircuitEvent {
  readonly signal: CircuitSignal;
  /** Whether the row tried the account, and nothing else was on the wire: its answer decides. */
  readonly trial: boolean;
  /** The instance that claimed it. */
  readonly by: string;
  /** The wait of the answer's `Retry-After`. */
  readonly retryAfterMs: number | null;
  readonly atMs: number;
}

/**
 * What may be sent: `all` (lanes not known to work are still tried first), `one` row, whose answer decides, or `nothing`.
 */
export function passage(circuit: Circuit, nowMs: number): "all" | "one" | "nothing" {
  if (circuit.open !== null) return nowMs >= circuit.open.halfOpenAtMs ? "one" : "nothing";
  return circuit.notFounds > 0 ? "one" : "all";
}

/** Whether `next` allows less than `circuit`: no instance may send without knowing it. */
export function isAlarm(circuit: Circuit, next: Circuit): boolean {
  if (next.notFounds > circuit.notFounds) return true;
  return (
    next.open !== null && next.open.halfOpenAtMs > (circuit.open?.halfOpenAtMs ?? Number.NEGATIVE_INFINITY)
  );
}

/** The circuit after an answer. Returns the same object where nothing changes. */
export function observe(circuit: Circuit, event: CircuitEvent, policy: CircuitPolicy): Circuit {
  const { signal, atMs } = event;
  // An instance that has lost its permit decides nothing.
  const isTrial = event.trial && circuit.trial?.by === event.by;
  const next = isTrial ? { ...circuit, trial: null } : circuit;
  switch (signal) {
    case "none":
      return next;
    case "success":
      // Only a trial disproves the 404 or what opened the circuit; this may answer an earlier request.
      if (!isTrial && (next.open !== null || next.notFounds > 0)) return next;
      if (next.open === null && next.notFounds === 0 && next.troubles === 0) return next;
      return { ...next, notFounds: 0, troubles: 0, open: null };
    case "authentication":
      return { ...next, open: { kind: signal, halfOpenAtMs: atMs + policy.longPauseMs } };
    case "not_found": {
      const counted = { ...next, notFounds: next.notFounds + 1 };
      if (counted.notFounds < notFoundsToOpen && !(isTrial && next.open !== null)) return counted;
      return { ...counted, open: { kind: signal, halfOpenAtMs: atMs + policy.longPauseMs } };
    }
    case "throttled":
      return throttled(next, event, isTrial, policy);
    case "unrecognized":
    case "unknown":
    case "trouble": {
      // Late answers to earlier requests must not prolong the pause.
      if (next.open !== null && !isTrial) return next;
      // It may have been the second 404.
      if (signal !== "trouble" && isTrial && next.notFounds > 0) {
        return observe(circuit, { ...event, signal: "not_found" }, policy);
      }
      if (next.open !== null && isAccountsFault(next.open.kind)) {
        return { ...next, open: { kind: next.open.kind, halfOpenAtMs: atMs + policy.longPauseMs } };
      }
      const counted = { ...next, troubles: next.troubles + 1 };
      if (next.open === null && counted.troubles < policy.troublesToOpen) return counted;
      const failedTrials = Math.max(0, counted.troubles - policy.troublesToOpen);
      const pauseMs = policy.pauseMs * Math.min(2 ** failedTrials, longestPauseFactor);
      return { ...counted, open: { kind: "trouble", halfOpenAtMs: atMs + pauseMs } };
    }
  }
}

/** Only a person can fix these. */
function isAccountsFault(kind: CircuitKind): boolean {
  return kind === "not_found" || kind === "authentication";
}

/** 429: all instances wait as long as it asks, then send at half the rate. */
function throttled(circuit: Circuit, event: CircuitEvent, isTrial: boolean, policy: CircuitPolicy): Circuit {
  const { atMs, retryAfterMs } = event;
  // Requests refused together count once, and a graver reason stands.
  if (circuit.open !== null && !isTrial) {
    if (circuit.open.kind !== "throttled" || retryAfterMs === null) return circuit;
    const halfOpenAtMs = atMs + Math.min(retryAfterMs, policy.longPauseMs);
    return halfOpenAtMs > circuit.open.halfOpenAtMs
      ? { ...circuit, open: { kind: "throttled", halfOpenAtMs } }
      : circuit;
  }
  const before = slowdownAt(circuit, atMs);
  const pauseMs = Math.min(retryAfterMs ?? throttlePauseMs * 2 ** before, policy.longPauseMs);
  return {
    ...circuit,
    open: { kind: "throttled", halfOpenAtMs: atMs + pauseMs },
    slowdown: Math.min(slowestStep, before + 1),
    throttledAtMs: atMs,
  };
}

/** How often the rate is halved now; each minute without a 429 undoes one. */
export function slowdownAt(circuit: Circuit, nowMs: number): number {
  if (circuit.throttledAtMs === null) return 0;
  return Math.max(0, circuit.slowdown - Math.floor((nowMs - circuit.throttledAtMs) / forgiveAfterMs));
}

/**
 * Gives `by` the permit to try a row. Only one instance has it, so that 404s cannot lock the token while a lane or the
 * account is not known to work.
 *
 * @returns Null if another living instance has the permit. If a dead instance's trial may have met the second 404, the
 *   circuit is open and the permit not given.
 */
export function takeTrial(
  circuit: Circuit,
  by: string,
  nowMs: number,
  policy: CircuitPolicy,
): Circuit | null {
  if (circuit.trial === null) return { ...circuit, trial: { by, alive: true } };
  if (circuit.trial.by === by) return circuit;
  if (circuit.trial.alive) return null;
  const suspected = observe(
    { ...circuit, trial: null },
    { signal: "not_found", trial: false, by, retryAfterMs: null, atMs: nowMs },
    policy,
  );
  return passage(suspected, nowMs) === "nothing" ? suspected : { ...suspected, trial: { by, alive: true } };
}

/** Returns the permit without an answer. */
export function releaseTrial(circuit: Circuit, by: string): Circuit {
  return circuit.trial?.by === by ? { ...circuit, trial: null } : circuit;
}
