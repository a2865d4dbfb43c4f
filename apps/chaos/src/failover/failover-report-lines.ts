import { section, violationSection } from "../printing/report-lines.ts";
import type { FailoverReport } from "./failover-report.ts";
import type { Silence } from "./silences.ts";

/** The report for a person: figures, then violations. */
export function failoverReportLines(report: FailoverReport): readonly string[] {
  const { producers, rows, api, held, violations } = report;
  return [
    `chaos --failover: seed ${report.seed}, ${report.seconds} s, ${report.instances} instances, ` +
      `claims ${report.durability}, through ${report.entrance}`,
    "",
    ...section("producers", {
      "commits that a standby confirmed": producers.confirmed,
      "commits that none confirmed": producers.unconfirmed,
      "of these lost": report.lostUnconfirmed,
      "connection lost at the commit": producers.uncertain,
    }),
    ...section("rows", rows),
    ...section("API", {
      requests: api.requests,
      "accepted messages": api.accepted,
      "of these twice": report.twice,
      "of these unknown": report.unknownAccepted,
      "of these lost with their rows": report.acceptedAndLost,
    }),
    ...section("failovers", {
      "another node leads": report.failovers,
      "acknowledged by syncd": report.acknowledgedByItself,
      "acknowledged by a person": held.acknowledged,
      "rows that she was shown": held.shown,
      "of these sent before, and waiting": held.spared,
      "drain, ms": Math.round(report.drainMs),
    }),
    "disturbances, and how long nothing was sent",
    ...Object.entries(report.silences).map(([kind, silence]) => silenceLine(kind, silence)),
    "",
    ...violationSection(violations),
  ];
}

function silenceLine(kind: string, { strikes, medianSeconds, longestSeconds }: Silence): string {
  const seconds = `median ${medianSeconds.toFixed(1)} s, longest ${longestSeconds.toFixed(1)} s`;
  return `  ${String(strikes).padStart(7)}  ${kind}: ${seconds}`;
}
