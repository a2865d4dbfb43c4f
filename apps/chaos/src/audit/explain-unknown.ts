import type { AuditedAttempt, AuditedProcess, AuditedRow, Evidence } from "./evidence.ts";

/**
 * Why a row is `unknown`, if a known event may explain it.
 *
 * - `answer`: the API gave an answer that leaves it open.
 * - `instance lost`, `stop`: its request was on the wire when its instance was killed, or stopped.
 * - `pause`: its instance was paused until its time ran out or its connection broke.
 * - `slow machine`: the answer was good, but took the daemon's whole timeout.
 * - `meddling`: a person edited it, or a customer's trigger kept it from being marked.
 */
export type Explanation =
  | "answer"
  | "instance lost"
  | "stop"
  | "pause"
  | "slow machine"
  | "meddling"
  | "none";

/** Finds the reasons of `unknown` rows. */
export class Explainer {
  readonly #evidence: Evidence;
  readonly #processes: ReadonlyMap<string, AuditedProcess>;
  readonly #lastAttempts: ReadonlyMap<string, AuditedAttempt>;
  #unattributed: number;

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    this.#processes = new Map(
      evidence.processes.flatMap((process) => process.names.map((name) => [name, process] as const)),
    );
    const byAttempt = evidence.attempts.toSorted((a, b) => a.attempt - b.attempt);
    this.#lastAttempts = new Map(byAttempt.map((attempt) => [attempt.outboxId, attempt]));
    this.#unattributed = evidence.unattributedAnswers;
  }

  /** Call once for each row: a request that the API cannot attribute explains one row. */
  explain(row: AuditedRow): Explanation {
    const { touched, decided, isTriggered } = this.#evidence.meddling;
    if (touched.has(row.numero) || decided.has(row.numero) || isTriggered(row.id)) return "meddling";
    const process = this.#processes.get(row.claimedBy ?? "");
    if (process === undefined) return "none";
    switch (row.errorCode) {
      case "instance_lost":
        return explainLoss(process);
      case "aborted":
        return process.stop === null ? "none" : "stop";
      // Only what others have done to the row leads to these, and to this one nobody has done anything.
      case "answer_forgotten":
      case "answer_refused":
      case "claim_unsettled":
      case "row_changed":
      case "internal_error":
      case null:
        return "none";
      default:
        return this.#explainRequest(row, process);
    }
  }

  #explainRequest(row: AuditedRow, process: AuditedProcess): Explanation {
    const answers = this.#evidence.answersTo(row.numero);
    if (answers.some(({ meaning }) => meaning === "ambiguous")) return "answer";
    const attempt = this.#lastAttempts.get(row.id);
    // Its clock went on: the timeout comes before the answer is read, or the API closed the connection.
    if (attempt !== undefined && wasPausedDuring(attempt, process)) return "pause";
    const isDecided = answers.some(({ meaning }) => meaning !== "not sent");
    if (row.errorCode === "connection_lost" && !isDecided && this.#unattributed > 0) {
      this.#unattributed -= 1;
      return "answer";
    }
    const waited = attempt !== undefined && attempt.durationMs >= this.#evidence.requestTimeoutMs;
    return row.errorCode === "timeout" && waited ? "slow machine" : "none";
  }
}

/**
 * A process that was declared dead while paused, but later ended cleanly, has settled its rows with their true answers,
 * except those of a claim whose result was lost with its connection.
 */
function explainLoss({ wasKilled, pauses, stop, endedByItself }: AuditedProcess): Explanation {
  const hasDied = wasKilled || endedByItself !== null || (stop !== null && stop.exit !== 0);
  if (hasDied) return "instance lost";
  return pauses.some(({ databaseWasDisturbed }) => databaseWasDisturbed) ? "pause" : "none";
}

/** An attempt's begin is computed when it is stored, so it may really have been earlier. */
const storedWithinMs = 3000;

function wasPausedDuring({ startedAtMs, durationMs }: AuditedAttempt, { pauses }: AuditedProcess): boolean {
  return pauses.some(
    ({ fromMs, toMs }) => startedAtMs - storedWithinMs < toMs && startedAtMs + durationMs > fromMs,
  );
}
