import { serverOf } from "../change-state.ts";
import type { TraceStep } from "../search/explore.ts";
import type { Copy, State } from "../state.ts";
import { wordsOf } from "../steps/step-kinds.ts";

/** A trace in words, a step in a line. */
export function traceLines(trace: readonly TraceStep[]): readonly string[] {
  return trace.map((each, index) => `${String(index + 1).padStart(3)}. ${sentence(each)}${effects(each)}`);
}

function sentence({ before, step: { kind, instance, row } }: TraceStep): string {
  const server = instance === null ? "primary" : serverOf(before, instance);
  return (wordsOf[kind] ?? kind)
    .replaceAll("{instance}", instance === 0 ? "a" : "b")
    .replaceAll("{row}", `row ${(row ?? 0) + 1}`)
    .replaceAll("{server}", server === "old" ? "old primary" : "primary");
}

/** What others see of it. */
function effects({ before, after }: TraceStep): string {
  const seen = [...changes(before.primary, after.primary, ""), ...deliveries(before, after)];
  const old =
    before.old !== null && after.old !== null ? changes(before.old, after.old, " on the old primary") : [];
  const all = [...seen, ...old];
  return all.length === 0 ? "" : ` [${all.join(", ")}]`;
}

function changes(before: Copy, after: Copy, where: string): readonly string[] {
  return after.rows.flatMap((row, index) => {
    const was = before.rows[index]?.status ?? "not there";
    const is = row?.status ?? "not there";
    return was === is ? [] : [`row ${index + 1}${where}: ${was} -> ${is}`];
  });
}

function deliveries(before: State, after: State): readonly string[] {
  return after.deeds.flatMap(({ accepted }, index) =>
    accepted === before.deeds[index]?.accepted
      ? []
      : [`accepted ${accepted === 1 ? "once" : "more than once"}`],
  );
}
