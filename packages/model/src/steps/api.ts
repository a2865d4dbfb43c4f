import { deedsOf, withClaim, withDeeds } from "../change-state.ts";
import type { Claim, State, Wire } from "../state.ts";
import { step, type Step } from "./step.ts";

/** What the API does with requests that are on their way. */
export function apiSteps(state: State): readonly Step[] {
  return state.claims.flatMap((claim, index) => (claim.wire === "out" ? stepsOf(state, claim, index) : []));
}

function stepsOf(state: State, { row, memory, by: instance }: Claim, index: number): readonly Step[] {
  const about = { row, claim: index, instance };
  const becomes = (wire: Wire): State => withClaim(state, index, { wire });
  const { accepted } = deedsOf(state, row);
  const counted = (next: State): State => withDeeds(next, row, { accepted: accepted === 0 ? 1 : 2 });
  const isAwaited = memory === "waiting" || memory === "unmarked";
  if (!isAwaited) {
    return [step("accept unheard", counted(becomes("none")), about), step("vanish", becomes("none"), about)];
  }
  const answered = [
    step("accept", counted(becomes("accepted")), about),
    step("reject", becomes("rejected"), about),
    step("refuse for now", becomes("notSent"), about),
  ];
  if (state.faultsLeft === 0) return answered;
  const faulty = { ...becomes("none"), faultsLeft: state.faultsLeft - 1 };
  return [...answered, step("vanish", faulty, about)];
}
