import type { Evidence } from "./evidence.ts";
import type { Violation } from "./violation.ts";

/** No instance had more rows than it may; each ended as it was asked to. */
export function checkProcesses({ processes, mostSending, concurrency }: Evidence): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [name, { rows, at }] of mostSending) {
    if (rows > concurrency) {
      const finding = `${rows} rows at ${at}; it may have ${concurrency} on the wire`;
      violations.push({ kind: "too_many_sending", rowId: null, instance: name, finding });
    }
  }
  for (const { names, stop, endedByItself } of processes) {
    const instance = names.at(-1) ?? "an instance that never registered";
    if (endedByItself !== null) {
      violations.push({ kind: "ended_by_itself", rowId: null, instance, finding: String(endedByItself) });
    }
    if (stop === null) continue;
    if (stop.exit !== 0 && !stop.databaseWasDisturbed) {
      violations.push({ kind: "stop_unclean", rowId: null, instance, finding: `it ended with ${stop.exit}` });
    }
    if (stop.exit === 0 && stop.leftSending > 0) {
      violations.push({ kind: "stop_left_rows", rowId: null, instance, finding: `${stop.leftSending} rows` });
    }
  }
  return violations;
}
