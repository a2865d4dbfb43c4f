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

function number(value: number): string {
  return value.toLocaleString("en");
}

function figures({ states, edges, depth, seconds, kinds }: Exploration): string {
  return `${number(states)} states, ${number(edges)} edges of ${kinds.size} kinds, depth ${depth}, ${seconds.toFixed(1)} s`;
}
