import type { AuditedRow, Evidence } from "./evidence.ts";
import { Explainer, type Explanation } from "./explain-unknown.ts";
import type { Violation } from "./violation.ts";

/** The reasons of `unknown` rows, and rows without one. */
export interface UnknownRows {
  readonly byExplanation: ReadonlyMap<Explanation, number>;
  readonly violations: readonly Violation[];
}

/** Every `unknown` row has a reason, and no instance lost more rows than it may have on the wire. */
export function checkUnknown(evidence: Evidence): UnknownRows {
  const explainer = new Explainer(evidence);
  const explained = Map.groupBy(
    evidence.rows.filter(({ status }) => status === "unknown"),
    (row) => explainer.explain(row),
  );
  const pauses = new Map(
    evidence.processes.flatMap((it) => it.names.map((name) => [name, it.pauses.length])),
  );
  const lost = [...(explained.get("instance lost") ?? []), ...(explained.get("stop") ?? [])];
  return {
    byExplanation: new Map([...explained].map(([explanation, rows]) => [explanation, rows.length])),
    violations: [
      ...(explained.get("none") ?? []).map((row) => withoutReason(row, evidence)),
      // An instance dies or stops once under each name, but may be paused often.
      ...tooMany(lost, () => evidence.concurrency),
      ...tooMany(explained.get("pause") ?? [], (name) => evidence.concurrency * (pauses.get(name) ?? 0)),
    ],
  };
}

function withoutReason(row: AuditedRow, { answersTo }: Evidence): Violation {
  const told = answersTo(row.numero).map(({ answered }) => answered);
  return {
    kind: "unknown_without_reason",
    rowId: row.id,
    finding: `${row.errorCode ?? "no code"}, claimed by ${row.claimedBy ?? "nobody"}, answered ${told.join(", ") || "nothing"}`,
  };
}

function tooMany(rows: readonly AuditedRow[], limitOf: (name: string) => number): readonly Violation[] {
  return [...Map.groupBy(rows, ({ claimedBy }) => claimedBy ?? "")]
    .filter(([name, of]) => of.length > limitOf(name))
    .map(([name, of]) => ({
      kind: "too_many_lost",
      rowId: of[0]?.id ?? null,
      instance: name,
      finding: `${of.length} rows; it may have had ${limitOf(name)} on the wire`,
    }));
}
