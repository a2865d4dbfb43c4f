import type { InstanceId, State } from "../state.ts";
import type { StepKind } from "./step-kinds.ts";

/** An edge of the graph. */
export interface Step {
  readonly kind: StepKind;
  readonly instance: InstanceId | null;
  readonly row: number | null;
  /** A place in {@link State.claims}. */
  readonly claim: number | null;
  readonly next: State;
}

export function step(
  kind: StepKind,
  next: State,
  about: { readonly instance?: InstanceId; readonly row?: number; readonly claim?: number } = {},
): Step {
  const { instance = null, row = null, claim = null } = about;
  return { kind, instance, row, claim, next };
}
