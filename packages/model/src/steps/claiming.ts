import { copyOf, withInstance, withRow, type ServerName } from "../change-state.ts";
import type { Setting } from "../designs.ts";
import { claimed } from "../rules/row-rules.ts";
import type { Claim, InstanceId, State } from "../state.ts";
import { slotIsFree } from "./memory.ts";
import { step, type Step } from "./step.ts";

/** A standby has it, or will not get it and nobody waits for it. */
function waitsForStandby(state: State, { durability, has, change }: Setting, server: ServerName): boolean {
  // Where a restore is looked at, the standby has everything.
  if (durability === "local" || !has.confirmation || change !== "promotion") return false;
  return server === "old" || (state.behind !== null && state.change === "none");
}

function historyAllows({ change, acknowledged }: State, { has }: Setting, server: ServerName): boolean {
  if (server === "old" || change === "none" || acknowledged !== "no") return true;
  return !(change === "moved" ? has.identity : has.timeline);
}

export function claims(state: State, setting: Setting, id: InstanceId, server: ServerName): readonly Step[] {
  const { mustReclaim } = state.instances[id];
  if (mustReclaim && setting.has["reclaim-first"]) return [];
  if (!slotIsFree(state, id)) return [];
  if (!historyAllows(state, setting, server)) return [];
  if (!setting.has.mark) return unmarkedRequests(state, id, server);
  const memory = waitsForStandby(state, setting, server) ? "committing" : "unheard";
  return copyOf(state, server).rows.flatMap((_, index) => {
    const next = withNewClaim(state, server, index, id, memory);
    return next === null ? [] : [step("claim", next, { instance: id, row: index })];
  });
}

function unmarkedRequests(state: State, id: InstanceId, server: ServerName): readonly Step[] {
  return copyOf(state, server).rows.flatMap((row, index) => {
    if (row?.status !== "pending") return [];
    const claim = newClaim(state, server, index, id, "unmarked");
    const next = withMade(state, { ...claim, wire: "out" });
    return [step("request unmarked", next, { instance: id, row: index })];
  });
}

function newClaim(
  state: State,
  server: ServerName,
  row: number,
  by: InstanceId,
  memory: Claim["memory"],
): Claim {
  const serial = state.lastSerial + 1;
  return {
    serial,
    row,
    by,
    isNamed: true,
    memory,
    wire: "none",
    isBefore: server === "old" && state.old !== null,
  };
}

function withMade(state: State, claim: Claim): State {
  return { ...state, claims: [...state.claims, claim], lastSerial: claim.serial };
}

/** Null if the row is not pending. */
function withNewClaim(
  state: State,
  server: ServerName,
  index: number,
  id: InstanceId,
  memory: Claim["memory"],
): State | null {
  const row = copyOf(state, server).rows[index];
  if (row?.status !== "pending") return null;
  const claim = newClaim(state, server, index, id, memory);
  const made = withMade(state, claim);
  return withRow(made, server, index, claimed(row, { claim: made.claims.length, claimedBy: id }));
}

/** A claim that its instance has given up is carried out after all. */
export function lateStatement(state: State, setting: Setting, id: InstanceId): readonly Step[] {
  const { lateStatement: late, life } = state.instances[id];
  const server = state.instances[id].link === "old" ? "old" : "primary";
  if (late === "none" || life === "dead" || (server === "old" && state.old === null)) return [];
  const done = withInstance(state, id, { lateStatement: "none" });
  const isCurrent = late === "valid" && copyOf(state, server).registered[id];
  if (!isCurrent || !historyAllows(state, setting, server)) return [];
  return copyOf(state, server).rows.flatMap((_, index) => {
    const next = withNewClaim(done, server, index, id, "lost");
    return next === null ? [] : [step("claim late", next, { instance: id, row: index })];
  });
}
