import { violationKinds } from "../audit/violation.ts";
import type { ChaosReport, ToldViolation } from "../report.ts";

const shownViolations = 20;

/** The report for a person: figures, then violations. */
export function reportLines(report: ChaosReport): readonly string[] {
  const { producers, rows, api, model, processes, violations } = report;
  return [
    `chaos: seed ${report.seed}, ${report.seconds} s, ${report.instances} instances`,
    "",
    ...section("producers", {
      [`committed, by ${producers.program}`]: producers.committed,
      "rolled back, refused or skipped": producers.absent,
      "connection lost at the commit": producers.uncertain,
      "of these in the table": producers.uncertainFound,
      "removed by a person": producers.removed,
    }),
    ...section("rows", rows),
    ...section("unknown because of", {
      ...report.unknown,
      "(and accepted by the API)": report.unknownAccepted,
    }),
    ...section("API", {
      requests: api.requests,
      "accepted messages": api.accepted,
      "ambiguous answers": api.ambiguous,
    }),
    ...section("answers", api.answers),
    ...section("followed in the model", {
      rows: model.rows,
      "different stories": model.stories,
      "of these too long to follow": model.undecided,
    }),
    ...section("disturbances", report.disturbances),
    ...section("processes", {
      started: processes.started,
      "clean stops": processes.cleanStops,
      "declared dead, and back": processes.declaredDead,
      "most rows sending of one": processes.mostSending,
      samples: processes.samples,
      "drain, ms": Math.round(report.drainMs),
    }),
    ...violationSection(violations),
  ];
}

/** How many of each kind there are, and the first of them with everything known. */
export function violationSection(violations: readonly ToldViolation[]): readonly string[] {
  return [...violationSummary(violations), ...violations.slice(0, shownViolations).flatMap(violationLines)];
}

function violationSummary(violations: readonly ToldViolation[]): readonly string[] {
  if (violations.length === 0) return ["violations: 0"];
  const counts = Map.groupBy(violations, ({ kind }) => kind);
  return [
    `violations: ${violations.length}`,
    ...[...counts].map(
      ([kind, of]) => `  ${String(of.length).padStart(7)}  ${kind}: ${violationKinds[kind]}`,
    ),
  ];
}

function violationLines({ kind, rowId, instance, finding, story }: ToldViolation): readonly string[] {
  const where = `${rowId === null ? "" : `, row ${rowId}`}${instance === undefined ? "" : `, ${instance}`}`;
  const lines = story.map((line) => `    ${line}`);
  return ["", `✗ ${kind}${where}: ${finding}`, ...lines];
}

/** A title and its figures. */
export function section(title: string, figures: Readonly<Record<string, number>>): readonly string[] {
  return [
    title,
    ...Object.entries(figures).map(([name, figure]) => `  ${String(figure).padStart(7)}  ${name}`),
    "",
  ];
}
