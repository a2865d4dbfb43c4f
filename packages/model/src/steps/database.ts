import { copyOf, serverOf, withDeeds, withRow, type ServerName } from "../change-state.ts";
import type { Setting } from "../designs.ts";
import { instanceIds, type InstanceId, type Row, type State } from "../state.ts";
import { claims, lateStatement } from "./claiming.ts";
import { reclaim, registration, rescue } from "./recovering.ts";
import { settlements } from "./settling.ts";
import { step, type Step } from "./step.ts";

/** The statements of a producer and of the daemon: each is one commit. */
export function databaseSteps(state: State, setting: Setting): readonly Step[] {
  return [
    ...inserts(state, setting),
    ...instanceIds.flatMap((id) => {
      if (state.instances[id].life !== "running") return [];
      const server = serverOf(state, id);
      return server === null ? [] : statementsOf(state, setting, id, server);
    }),
    ...instanceIds.flatMap((id) => lateStatement(state, setting, id)),
  ];
}

function statementsOf(state: State, setting: Setting, id: InstanceId, server: ServerName): readonly Step[] {
  const isRegistered = copyOf(state, server).registered[id];
  return [
    ...(isRegistered ? claims(state, setting, id, server) : registration(state, id, server)),
    ...settlements(state, setting, id, server),
    ...reclaim(state, setting, id, server),
    ...rescue(state, setting, id, server),
  ];
}

/** One row after the other, each once. It is promised as soon as the standby has it. */
function inserts(state: State, { has }: Setting): readonly Step[] {
  const index = state.primary.rows.indexOf(null);
  if (state.change !== "none" || index === -1) return [];
  const made: Row = { status: "pending", attempts: 0, claimedBy: null, claim: null };
  const isPromised = state.behind === null || !has["insert-confirmation"];
  return [
    step("insert", withDeeds(withRow(state, "primary", index, made), index, { isPromised }), { row: index }),
  ];
}
