import type { AuditedAttempt, Evidence } from "./evidence.ts";
import type { Violation } from "./violation.ts";

const shownLogLines = 12;

/** Everything known about a violation, in lines for its investigation. */
export class Storyteller {
  readonly #evidence: Evidence;
  readonly #linesAbout: (id: string) => readonly string[];

  /** @param linesAbout The log lines of all processes about a row. */
  constructor(evidence: Evidence, linesAbout: (id: string) => readonly string[]) {
    this.#evidence = evidence;
    this.#linesAbout = linesAbout;
  }

  tell({ rowId, instance }: Violation): readonly string[] {
    return [
      ...(rowId === null ? [] : this.#tellRow(rowId)),
      ...(instance === undefined ? [] : this.#tellInstance(instance)),
    ];
  }

  #tellInstance(name: string): readonly string[] {
    const process = this.#evidence.processes.find(({ names }) => names.includes(name));
    if (process === undefined) return [];
    const { wasKilled, pauses, stop, logTail } = process;
    const end = wasKilled ? "killed" : `ended with ${stop?.exit ?? "nothing"}`;
    return [`${name}: paused ${pauses.length} times, ${end}; its log ended with:`, ...logTail.split("\n")];
  }

  #tellRow(id: string): readonly string[] {
    const { rows, attempts, ledger, answersTo } = this.#evidence;
    const row = rows.find((one) => one.id === id);
    if (row === undefined) return [];
    return [
      `status ${row.status}, claim ${row.fence} by ${row.claimedBy ?? "nobody"}, code ${row.errorCode ?? "none"}, on_unknown ${row.onUnknown ?? "default"}`,
      ...attempts.filter(({ outboxId }) => outboxId === id).map(attemptLine),
      ...answersTo(row.numero).map(({ answered, meaning }) => `the API answered ${answered} (${meaning})`),
      ...ledger
        .filter(({ numeroDest }) => numeroDest === row.numero)
        .map(
          ({ receivedAt, reference, answered }) =>
            `the API accepted it at ${receivedAt} as ${reference}, and answered ${answered}`,
        ),
      ...this.#linesAbout(id).slice(-shownLogLines),
    ];
  }
}

function attemptLine(attempt: AuditedAttempt): string {
  const { attempt: fence, outcome, errorCode, instance, startedAtMs, durationMs } = attempt;
  const begin = new Date(startedAtMs).toISOString();
  return `attempt ${fence} at ${begin}, ${durationMs} ms, by ${instance}: ${outcome} ${errorCode ?? ""}`.trimEnd();
}
