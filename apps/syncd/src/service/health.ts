/** Whether the daemon is alive or ready, and if not, why. */
export interface HealthReport {
  readonly ok: boolean;
  readonly reasons: readonly string[];
  /** What some rows wait for while others are sent; no reason to be unready. */
  readonly waits?: readonly string[];
}

/** Rows whose triggers wait; or those that need what is written beside the rows. */
type Waiting = "rows" | "state";

/** Longer than any statement's deadline and any pause between two tries. */
const longestTurnMs = 120_000;

/** If rows wait for triggers and none was claimed or settled for this long, nothing moves. */
const standstillMs = 5000;

/** Collects the state of the daemon's parts; answers from memory. */
export class Health {
  readonly #longestTurnMs: number;
  #progressedAtMs = performance.now();
  #databaseProblem: string | null = "the database has not been reached yet";
  #heartbeatProblem: string | null = null;
  #schemaProblem: string | null = null;
  #triggerProblem: string | null = null;
  #historyProblem: string | null = null;
  #standbyProblem: string | null = null;
  #draining = false;
  readonly #waits = new Map<Waiting, string>();
  #movedAtMs = performance.now();

  /** @param longest How long a turn of the loop may take, in milliseconds, before the loop counts as stuck. */
  constructor(longest = longestTurnMs) {
    this.#longestTurnMs = longest;
  }

  /** The loop has begun another turn. */
  progressed(): void {
    this.#progressedAtMs = performance.now();
  }

  /** Rows were claimed or settled. */
  moved(): void {
    if (this.#waits.size > 0) this.#movedAtMs = performance.now();
  }

  /** What rows wait for that cannot be claimed or settled now; null where there are none. Never a row's contents. */
  waitsFor(what: string | null, waiting: Waiting = "rows"): void {
    if (this.#waits.size === 0) this.#movedAtMs = performance.now();
    if (what === null) this.#waits.delete(waiting);
    else this.#waits.set(waiting, what);
  }

  databaseAnswered(): void {
    this.#databaseProblem = null;
  }

  databaseFailed(message: string): void {
    this.#databaseProblem = `the database cannot be used: ${message}`;
  }

  /** A heartbeat writes, so it finds out a standby, from which an idle loop could read for hours. */
  heartbeatSucceeded(): void {
    this.#heartbeatProblem = null;
  }

  heartbeatFailed(message: string): void {
    this.#heartbeatProblem = `the database refuses heartbeats: ${message}`;
  }

  schemaUnfit(message: string | null): void {
    this.#schemaProblem = message;
  }

  /** A trigger suppresses writes of syncd; null once that is over. */
  triggersSuppress(message: string | null): void {
    this.#triggerProblem = message;
  }

  /** Why nothing may be claimed after a failover, a restore or a copy; null once that is over. */
  historyStops(message: string | null): void {
    this.#historyProblem = message;
  }

  /** Why no standby confirms the claims; null once one does. */
  waitsForStandby(why: string | null): void {
    this.#standbyProblem = why === null ? null : `waiting for the standby: ${why}`;
  }

  drains(): void {
    this.#draining = true;
  }

  /** Does the loop make progress? Ignores everything outside the process, which a restart would not fix. */
  live(): HealthReport {
    const silentMs = performance.now() - this.#progressedAtMs;
    return report(
      silentMs > this.#longestTurnMs
        ? [`the loop has made no progress for ${Math.round(silentMs / 1000)} s`]
        : [],
    );
  }

  /** Can it send? The database answers and accepts heartbeats, the schema is right, and it is not draining. */
  ready(): HealthReport {
    const standsStill = performance.now() - this.#movedAtMs >= standstillMs;
    const waits = [...this.#waits.values()];
    return report(
      [
        this.#draining ? "it is draining before it stops" : null,
        this.#databaseProblem,
        this.#heartbeatProblem,
        this.#schemaProblem,
        this.#triggerProblem,
        this.#historyProblem,
        this.#standbyProblem,
        waits.length > 0 && standsStill ? `nothing moves: ${waits.join("; ")}` : null,
        ...this.live().reasons,
      ].filter((reason) => reason !== null),
      waits,
    );
  }
}

function report(reasons: readonly string[], waits: readonly string[] = []): HealthReport {
  return { ok: reasons.length === 0, reasons, ...(waits.length > 0 && { waits }) };
}
