/** Whether the daemon is alive and ready, and if not, why. Answers from memory: asking costs nothing. */
export interface HealthReport {
  readonly ok: boolean;
  readonly reasons: readonly string[];
}

/** Longer than any statement's deadline and any pause between two tries. */
const longestTurnMs = 120_000;

/** Collects what the parts of the daemon know of their state. */
export class Health {
  readonly #longestTurnMs: number;
  #progressedAtMs = performance.now();
  #databaseProblem: string | null = "the database was not reached yet";
  #heartbeatProblem: string | null = null;
  #schemaProblem: string | null = null;
  #triggerProblem: string | null = null;
  #draining = false;

  /** @param longest How long a turn of the loop may take, in milliseconds, before the loop counts as stuck. */
  constructor(longest = longestTurnMs) {
    this.#longestTurnMs = longest;
  }

  /** The loop has begun another turn. */
  progressed(): void {
    this.#progressedAtMs = performance.now();
  }

  databaseAnswered(): void {
    this.#databaseProblem = null;
  }

  databaseFailed(message: string): void {
    this.#databaseProblem = `the database cannot be used: ${message}`;
  }

  /** A heartbeat writes: it tells a primary from a standby, of which the loop may only read for hours. */
  heartbeatSucceeded(): void {
    this.#heartbeatProblem = null;
  }

  heartbeatFailed(message: string): void {
    this.#heartbeatProblem = `the database does not take heartbeats: ${message}`;
  }

  schemaUnfit(message: string | null): void {
    this.#schemaProblem = message;
  }

  /** What syncd has to write a trigger does not let it write; null where that is over. */
  triggersSuppress(message: string | null): void {
    this.#triggerProblem = message;
  }

  drains(): void {
    this.#draining = true;
  }

  /** Does the loop make progress? Nothing outside the process is asked: a restart would not mend it. */
  live(): HealthReport {
    const silentMs = performance.now() - this.#progressedAtMs;
    return report(
      silentMs > this.#longestTurnMs
        ? [`the loop has made no progress for ${Math.round(silentMs / 1000)} s`]
        : [],
    );
  }

  /** Can it send? The database answers and takes heartbeats, the schema is right, and it is not about to stop. */
  ready(): HealthReport {
    return report(
      [
        this.#draining ? "it is draining before it stops" : null,
        this.#databaseProblem,
        this.#heartbeatProblem,
        this.#schemaProblem,
        this.#triggerProblem,
        ...this.live().reasons,
      ].filter((reason) => reason !== null),
    );
  }
}

function report(reasons: readonly string[]): HealthReport {
  return { ok: reasons.length === 0, reasons };
}
