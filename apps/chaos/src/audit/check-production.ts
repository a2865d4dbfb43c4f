import type { Evidence } from "./evidence.ts";
import { masked } from "./masked.ts";
import type { Violation } from "./violation.ts";

/** The table has every committed row that nobody removed, once and in a final state, and no other row. */
export function checkProduction({ rows, committed, uncertain, meddling }: Evidence): readonly Violation[] {
  const violations: Violation[] = [];
  const seen = new Set<string>();
  for (const { id, numero, status } of rows) {
    if (seen.has(numero)) violations.push({ kind: "row_twice", rowId: id, finding: masked(numero) });
    seen.add(numero);
    if (!committed.has(numero) && !uncertain.has(numero)) {
      violations.push({ kind: "row_from_nowhere", rowId: id, finding: `${masked(numero)} is ${status}` });
    }
    if (status === "pending" || status === "sending") {
      violations.push({ kind: "row_not_settled", rowId: id, finding: `it is ${status}` });
    }
  }
  for (const numero of committed) {
    const isThere = seen.has(numero) || meddling.removed.has(numero);
    if (!isThere) violations.push({ kind: "row_lost", rowId: null, finding: masked(numero) });
  }
  return violations;
}
