import type { AuditedEntry, AuditedRow, Evidence } from "./evidence.ts";
import type { Pause } from "../process/process-history.ts";
import { masked } from "./masked.ts";
import type { Violation } from "./violation.ts";

/** How long a request begun in time may arrive after the daemon's timeout. */
const arrivalMs = 200;

/** Rows, including removed ones, agree with what the API accepted. */
export function checkDeliveries(evidence: Evidence): readonly Violation[] {
  const accepted = Map.groupBy(evidence.ledger, ({ numeroDest }) => numeroDest ?? "");
  return [
    ...checkRows(evidence, accepted),
    ...checkRemoved(evidence, accepted),
    ...checkStrangers(evidence, accepted),
  ];
}

type Accepted = ReadonlyMap<string, readonly AuditedEntry[]>;

/** Nobody gets a message twice because its row is gone. */
function checkRemoved(evidence: Evidence, accepted: Accepted): readonly Violation[] {
  const present = new Set(evidence.rows.map(({ numero }) => numero));
  const violations: Violation[] = [];
  for (const [numero, onUnknown] of evidence.meddling.removed) {
    if (present.has(numero) || onUnknown === "resend") continue;
    const times = accepted.get(numero)?.length ?? 0;
    const what = `${masked(numero)} was removed`;
    if (times > 1) {
      const finding = `${what}, and the API has accepted it ${times} times`;
      violations.push({ kind: "sent_twice", rowId: null, finding });
    }
    violations.push(...askedAgain(numero, evidence, { rowId: null, what }));
  }
  return violations;
}

/** Nobody gets a message that no producer committed: each number belongs to one row. */
function checkStrangers(evidence: Evidence, accepted: Accepted): readonly Violation[] {
  const { rows, committed, uncertain } = evidence;
  const present = new Set(rows.map(({ numero }) => numero));
  return [...accepted.keys()]
    .filter((numero) => !present.has(numero) && !committed.has(numero) && !uncertain.has(numero))
    .map((numero) => ({ kind: "message_from_nowhere", rowId: null, finding: masked(numero) }));
}

function checkRows(evidence: Evidence, accepted: Accepted): readonly Violation[] {
  const pauses = new Map(evidence.processes.flatMap((it) => it.names.map((name) => [name, it.pauses])));
  return evidence.rows.flatMap((row) => {
    const entries = accepted.get(row.numero) ?? [];
    const latestMs = evidence.requestTimeoutMs + arrivalMs;
    return [
      ...checkAcceptances(row, entries, evidence.meddling.decided.has(row.numero)),
      ...checkReference(row, entries),
      ...checkTimeliness(row, entries, pauses.get(row.claimedBy ?? "") ?? [], latestMs),
      ...checkRequests(row, evidence),
    ];
  });
}

/** @param isDecided A person decided its outcome, and may be wrong. */
function checkAcceptances(
  row: AuditedRow,
  entries: readonly AuditedEntry[],
  isDecided: boolean,
): readonly Violation[] {
  const violations: Violation[] = [];
  const found = `it is ${row.status}, and the API has accepted it ${entries.length} times`;
  if (entries.length > 1 && row.onUnknown !== "resend") {
    violations.push({ kind: "sent_twice", rowId: row.id, finding: found });
  }
  if (entries.length === 0 && row.status === "sent" && !isDecided) {
    violations.push({ kind: "sent_without_acceptance", rowId: row.id, finding: found });
  }
  // A row with `resend` shows only its last attempt.
  const mayHide = row.status === "sent" || row.status === "unknown" || row.onUnknown === "resend";
  if (entries.length > 0 && !mayHide && !isDecided) {
    violations.push({ kind: "accepted_unnoticed", rowId: row.id, finding: found });
  }
  return violations;
}

/** The answer to one message must not settle another's row. */
function checkReference(row: AuditedRow, entries: readonly AuditedEntry[]): readonly Violation[] {
  if (row.reference === null || entries.some(({ reference }) => reference === row.reference)) return [];
  return [
    {
      kind: "reference_of_another",
      rowId: row.id,
      finding: `it has ${row.reference}, the API gave it ${entries.map(({ reference }) => reference).join(", ") || "none"}`,
    },
  ];
}

function checkTimeliness(
  row: AuditedRow,
  entries: readonly AuditedEntry[],
  pauses: readonly Pause[],
  latestMs: number,
): readonly Violation[] {
  const { expiresAtMs } = row;
  if (expiresAtMs === null) return [];
  return entries.flatMap(({ receivedAt }): readonly Violation[] => {
    const atMs = Date.parse(receivedAt);
    const lateMs = atMs - expiresAtMs;
    // A request about to be written at a SIGSTOP is written at the SIGCONT.
    const wasPaused = pauses.some(({ fromMs, toMs }) => fromMs < atMs && atMs < toMs + latestMs);
    return lateMs > latestMs && !wasPaused
      ? [{ kind: "sent_late", rowId: row.id, finding: `${Math.round(lateMs)} ms after expires_at` }]
      : [];
  });
}

/** Only what was provably not sent may be retried, whether or not the API had really accepted it. */
function checkRequests(row: AuditedRow, evidence: Evidence): readonly Violation[] {
  if (row.onUnknown === "resend") return [];
  return askedAgain(row.numero, evidence, { rowId: row.id, what: `it is ${row.status}` });
}

function askedAgain(
  numero: string,
  { answersTo }: Evidence,
  { rowId, what }: { readonly rowId: string | null; readonly what: string },
): readonly Violation[] {
  const answers = answersTo(numero);
  const conclusive = answers.slice(0, -1).find(({ meaning }) => meaning !== "not sent");
  if (conclusive === undefined) return [];
  const told = answers.map(({ answered }) => answered).join(", then ");
  return [{ kind: "asked_again", rowId, finding: `${what}, and was answered ${told}` }];
}
