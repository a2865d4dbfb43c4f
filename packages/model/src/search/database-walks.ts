import type { Setting } from "../designs.ts";
import { initialState, type State } from "../state.ts";
import { stepsOf, type StepKind } from "../steps/step-kinds.ts";
import type { Step } from "../steps/step.ts";
import { stepsFrom } from "../steps/steps.ts";
import { explore, type TraceStep } from "./explore.ts";
import { tidy } from "./tidy.ts";

/**
 * For each kind of edge that is a statement, the shortest way that ends with it. Edges are of one kind if the same statement, about the
 * same answer, does the same to rows.
 */
export function databaseWalks(setting: Setting): ReadonlyMap<string, readonly TraceStep[]> {
  const walks = new Map<string, readonly TraceStep[]>();
  const first = initialState(setting.rows, setting.faults);
  explore(setting, (edge) => {
    if (!isStatement(edge.step.kind)) return;
    const kind = edgeKind(edge.before, edge.step);
    if (walks.has(kind)) return;
    const trace = edge.traceToBefore();
    // There, the instances may have changed places.
    const before = trace.at(-1)?.after ?? first;
    const step = stepsFrom(before, setting).find((each) => edgeKind(before, each) === kind);
    if (step !== undefined) walks.set(kind, [...trace, { before, step, after: tidy(step.next) }]);
  });
  return walks;
}

/** `settle accepted: sending -> sent`. */
function edgeKind(before: State, step: Step): string {
  const { kind, claim, next } = step;
  const answer = claim === null ? "" : ` ${before.claims[claim]?.memory ?? ""}`;
  const changes = next.primary.rows.flatMap((row, index) => {
    const was = before.primary.rows[index]?.status ?? "none";
    const is = row?.status ?? "none";
    return was === is ? [] : [`${was} -> ${is}`];
  });
  const effect =
    changes.length === 0 ? "changes no row" : changes.toSorted((a, b) => (a < b ? -1 : 1)).join(", ");
  return `${kind}${answer}: ${effect}`;
}

/** Whether a step is a statement that the database carries out. */
export function isStatement(kind: StepKind): boolean {
  return Object.hasOwn(stepsOf.database, kind);
}
