import { deedsOf, withDeeds, withRow } from "../change-state.ts";
import type { Setting } from "../designs.ts";
import { broughtBack, resolved } from "../rules/row-rules.ts";
import { instanceIds, type State } from "../state.ts";
import { step, type Step } from "./step.ts";

/** People look in Talk.me before they decide; what is on its way, they cannot see there. */
export function personSteps(state: State, setting: Setting): readonly Step[] {
  return [
    ...resolutions(state, setting),
    ...acknowledgement(state, setting),
    ...ownAcknowledgements(state, setting),
  ];
}

function resolutions(state: State, { hasSentAgain }: Setting): readonly Step[] {
  return state.primary.rows.flatMap((row, index) => {
    if (row?.status !== "unknown") return [];
    const ends = (status: "sent" | "failed"): State =>
      withDeeds(withRow(state, "primary", index, resolved(row, status)), index, { decided: status });
    if (deedsOf(state, index).accepted > 0) return [step("resolve sent", ends("sent"), { row: index })];
    const failed = step("resolve failed", ends("failed"), { row: index });
    if (!hasSentAgain) return [failed];
    const again = withRow(state, "primary", index, broughtBack());
    return [failed, step("resolve resend", withDeeds(again, index, { isExcused: true }), { row: index })];
  });
}

function acknowledgement(state: State, { has }: Setting): readonly Step[] {
  if (state.change === "none" || state.acknowledged !== "no") return [];
  if (has.wait && !state.hasWaited) return [];
  if (has["old-stopped"] && state.old !== null) return [];
  let next = state;
  for (const [index, row] of state.primary.rows.entries()) {
    if (row?.status !== "pending" || deedsOf(state, index).accepted === 0) continue;
    next = withRow(next, "primary", index, { ...row, status: "cancelled" });
    next = withDeeds(next, index, { decided: "cancelled" });
  }
  return [step("acknowledge", { ...next, acknowledged: "by a person" })];
}

/** A promotion after which nothing is forgotten, as far as anybody can know. */
function ownAcknowledgements(state: State, { has, durability }: Setting): readonly Step[] {
  if (state.acknowledged !== "no" || (state.change !== "promoted" && state.change !== "recovered")) return [];
  if (has["confirmed-only"] && durability !== "standby") return [];
  if (has.wait && !state.hasWaited) return [];
  const connected = instanceIds.filter(
    (id) => state.instances[id].life === "running" && state.instances[id].link === "primary",
  );
  if (has.witness && !connected.some((id) => state.instances[id].isWitness)) return [];
  return connected.map((instance) =>
    step("acknowledge itself", { ...state, acknowledged: "itself" }, { instance }),
  );
}
