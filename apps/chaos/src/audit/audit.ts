import { statuses, type Status } from "@talkme/outbox";

import { checkAttempts } from "./check-attempts.ts";
import { checkDeliveries } from "./check-deliveries.ts";
import { checkProcesses } from "./check-processes.ts";
import { checkProduction } from "./check-production.ts";
import { checkUnknown } from "./check-unknown.ts";
import type { Evidence } from "./evidence.ts";
import type { Explanation } from "./explain-unknown.ts";
import type { Violation } from "./violation.ts";

export interface AuditResult {
  readonly rows: Readonly<Record<Status, number>>;
  /** Why rows are `unknown`. */
  readonly unknown: Readonly<Partial<Record<Explanation, number>>>;
  /** Messages that the API accepted and whose rows are `unknown`. */
  readonly unknownAccepted: number;
  /** Rows whose commit a producer could not know of, but which are in the table. */
  readonly uncertainFound: number;
  readonly violations: readonly Violation[];
}

/**
 * Compares the table with what the API accepted, what the producers know and what was done to the instances. Pure.
 */
export function audit(evidence: Evidence): AuditResult {
  const unknown = checkUnknown(evidence);
  const accepted = new Set(evidence.ledger.map(({ numeroDest }) => numeroDest));
  const count = (matches: (row: Evidence["rows"][number]) => boolean): number =>
    evidence.rows.filter(matches).length;
  const rows = { pending: 0, sending: 0, sent: 0, failed: 0, unknown: 0, expired: 0, cancelled: 0 };
  for (const status of statuses) rows[status] = count((row) => row.status === status);
  return {
    rows,
    unknown: Object.fromEntries(unknown.byExplanation),
    unknownAccepted: count(({ status, numero }) => status === "unknown" && accepted.has(numero)),
    uncertainFound: count(({ numero }) => evidence.uncertain.has(numero)),
    violations: [
      ...checkProduction(evidence),
      ...checkDeliveries(evidence),
      ...unknown.violations,
      ...checkAttempts(evidence),
      ...checkProcesses(evidence),
    ],
  };
}
