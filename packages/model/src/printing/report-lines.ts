import { designs, settingOf, type Design, type DesignName } from "../designs.ts";
import { mutations } from "../protections/mutations.ts";
import { protections, type Protection } from "../protections/protections.ts";
import { explore, type Exploration } from "../search/explore.ts";
import { invariants } from "../search/invariants.ts";
import { traceLines } from "./trace-lines.ts";

/** Lines of a report, and whether everything came out as it should. */
export interface Report {
  readonly lines: readonly string[];
  readonly isAsExpected: boolean;
}

export function invariantLines(): readonly string[] {
  return ["invariants:", ...Object.entries(invariants).map(([name, says]) => `  ${name}: ${says}`), ""];
}

/** Explores a design, as it is or without some protections. */
export function reportDesign(
  name: DesignName,
  faults: number | null,
  without: readonly Protection[],
): Report {
  const design: Design = designs[name];
  const bounded = faults === null ? design : { ...design, faults };
  const found = explore(settingOf(bounded, without));
  const { violation } = found;
  const what = violation === null ? "no violation" : `violates "${violation.invariant}"`;
  const expected = without.length === 0 ? design.expected : (violation?.invariant ?? null);
  const isAsExpected = (violation?.invariant ?? null) === expected;
  return {
    lines: [
      `${name}: ${design.says}${without.map((each) => `; without ${each}`).join("")}`,
      `  ${what}; ${figures(found)}; ${bounded.rows.length} ${bounded.rows.length === 1 ? "row" : "rows"}, ${bounded.faults} faults at most`,
      ...(violation === null ? [] : [`  the shortest way there:`, ...traceLines(violation.trace)]),
      ...(isAsExpected ? [] : [`  EXPECTED: ${expected ?? "no violation"}`]),
      "",
    ],
    isAsExpected,
  };
}

/** Takes a protection out of the design in which that shows. */
export function reportMutation(name: Protection): Report {
  const { design, violates } = mutations[name];
  const found = explore(settingOf(designs[design], [name]));
  const { violation } = found;
  const isAsExpected = violation?.invariant === violates;
  return {
    lines: [
      `without ${name} (${protections[name]})`,
      `  in "${design}": ${violation === null ? "NO VIOLATION" : `violates "${violation.invariant}"`}; ${figures(found)}`,
      ...(isAsExpected ? [] : [`  EXPECTED: ${violates}`]),
      ...traceLines(violation?.trace ?? []),
      "",
    ],
    isAsExpected,
  };
}

/** What the mutations came to, as a table of docs/model.md. */
export function mutationTable(steps: ReadonlyMap<Protection, number>): readonly string[] {
  const rows = [...steps].map(([name, count]) => {
    const { design, violates } = mutations[name];
    return [`\`${name}\``, protections[name], design, violates, String(count)];
  });
  return alignTable([["without", "that is", "in the design", "is violated", "steps"], ...rows]);
}

function alignTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === cells.length - 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join(" | ")} |`;
  const [head = [], ...rest] = rows;
  const rule = widths.map((width, column) =>
    column === widths.length - 1 ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [line(head), line(rule), ...rest.map(line)];
}

function number(value: number): string {
  return value.toLocaleString("en");
}

function figures({ states, edges, depth, seconds, kinds }: Exploration): string {
  return `${number(states)} states, ${number(edges)} edges of ${kinds.size} kinds, depth ${depth}, ${seconds.toFixed(1)} s`;
}
