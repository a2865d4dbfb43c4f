import { checkAttempts } from "../audit/check-attempts.ts";
import { checkDeliveries } from "../audit/check-deliveries.ts";
import { checkProcesses } from "../audit/check-processes.ts";
import { checkProduction } from "../audit/check-production.ts";
import type { Evidence } from "../audit/evidence.ts";
import { masked } from "../audit/masked.ts";
import type { Violation } from "../audit/violation.ts";
import type { Durability } from "./failover-stage.ts";
import type { Acknowledgement } from "./person.ts";

export interface FailoverEvidence extends Evidence {
  readonly durability: Durability;
  /** The server said that they are committed, and no standby has confirmed it. */
  readonly unconfirmed: ReadonlySet<string>;
  readonly acknowledgements: readonly Acknowledgement[];
}

export interface FailoverFigures {
  /** Commits that no standby had confirmed, and that a failover has lost. */
  readonly lostUnconfirmed: number;
  /** Of the messages that the API accepted: their rows are gone. */
  readonly acceptedAndLost: number;
  /** Messages that the API accepted more than once. */
  readonly twice: number;
  readonly unknown: number;
  readonly unknownAccepted: number;
}

export interface FailoverAudit {
  readonly figures: FailoverFigures;
  readonly violations: readonly Violation[];
}

/** A request that was on the wire when the change was noticed may still arrive. */
const arrivalMs = 1500;

/**
 * Compares the table with what the API accepted and what the producers know, after failovers. Pure.
 *
 * Whatever the durability, what a standby had confirmed is there, and nothing is sent twice. With `local` a failover may lose
 * what the API has already accepted, with its row, and that it refused a message, which is then asked again; with `standby`
 * it may not.
 */
export function auditFailover(evidence: FailoverEvidence): FailoverAudit {
  const { rows, ledger, unconfirmed, durability } = evidence;
  const present = new Set(rows.map(({ numero }) => numero));
  const times = Map.groupBy(ledger, ({ numeroDest }) => numeroDest ?? "");
  const lost = [...times.keys()].filter((numero) => !present.has(numero));
  const unknown = rows.filter(({ status }) => status === "unknown");
  const alone: readonly Violation[] = durability === "standby" ? lost.map(lostWithItsRow) : [];
  return {
    figures: {
      lostUnconfirmed: [...unconfirmed].filter((numero) => !present.has(numero)).length,
      acceptedAndLost: lost.length,
      twice: [...times.values()].filter((entries) => entries.length > 1).length,
      unknown: unknown.length,
      unknownAccepted: unknown.filter(({ numero }) => times.has(numero)).length,
    },
    violations: [
      ...checkProduction(evidence),
      ...checkDeliveries(evidence).filter(({ kind }) => durability === "standby" || kind !== "asked_again"),
      ...checkAttempts(evidence),
      ...checkProcesses(evidence),
      ...checkHeld(evidence),
      ...alone,
    ],
  };
}

function lostWithItsRow(numero: string): Violation {
  return { kind: "accepted_and_lost", rowId: null, finding: masked(numero) };
}

/** Nothing is sent after a failover until somebody acknowledges it. */
function checkHeld({ ledger, acknowledgements }: FailoverEvidence): readonly Violation[] {
  return acknowledgements.flatMap(({ fromMs, toMs }) =>
    ledger
      .filter(({ receivedAt }) => {
        const atMs = Date.parse(receivedAt);
        return atMs > fromMs + arrivalMs && atMs < toMs;
      })
      .map(({ numeroDest, receivedAt }): Violation => ({
        kind: "sent_unacknowledged",
        rowId: null,
        finding: `${masked(numeroDest ?? "nobody")} at ${receivedAt}, ${Math.round(Date.parse(receivedAt) - fromMs)} ms after the change was noticed`,
      })),
  );
}
