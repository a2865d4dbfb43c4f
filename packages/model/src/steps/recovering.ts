import {
  copyOf,
  withClaims,
  withCopy,
  withInstance,
  withRegistration,
  withRow,
  withoutName,
  type ServerName,
} from "../change-state.ts";
import type { Setting } from "../designs.ts";
import { reclaimed, rescued, sendsAgain } from "../rules/row-rules.ts";
import { instanceIds, type InstanceId, type State } from "../state.ts";
import { eraOf } from "./era.ts";
import { holds, isUnderWay } from "./memory.ts";
import { step, type Step } from "./step.ts";

/** A process that starts, or was declared dead, gets a new name; its earlier claims keep theirs. */
export function registration(state: State, id: InstanceId, server: ServerName): readonly Step[] {
  const renamed = withClaims(withoutName(state, id), (claim) =>
    claim.by === id && claim.isNamed ? { isNamed: false } : null,
  );
  const registered = withCopy(renamed, server, withRegistration(copyOf(renamed, server), id, true));
  return [step("register", withInstance(registered, id, { lateStatement: "none" }), { instance: id })];
}

/** Rows that are `sending` in its name and that it does not hold. */
export function reclaim(state: State, setting: Setting, id: InstanceId, server: ServerName): readonly Step[] {
  const { has } = setting;
  const self = state.instances[id];
  if (state.claims.some((claim) => claim.by === id && isUnderWay(claim))) return [];
  let next = state;
  if (has.reclaim) {
    for (const [index, row] of copyOf(state, server).rows.entries()) {
      if (row?.status !== "sending" || row.claimedBy !== id) continue;
      const claim = state.claims[(row.claim ?? 0) - 1];
      if (claim === undefined || !claim.isNamed || holds(claim)) continue;
      const era = has["turns-before"] ? eraOf(state, setting, server, claim) : "holds";
      if (claim.memory === "lost" && era === "open") continue;
      const isUnsent = claim.memory === "lost" && era === "holds";
      next = withRow(next, server, index, reclaimed(row, isUnsent || !has["never-dispatched"]));
    }
  }
  if (self.mustReclaim) {
    const late = self.lateStatement === "valid" && has.epoch ? "outdated" : self.lateStatement;
    next = withInstance(next, id, { mustReclaim: false, lateStatement: late });
  }
  return next === state ? [] : [step("reclaim", next, { instance: id })];
}

/** Deletes the registrations of the silent, and takes the rows of all that are not registered. */
export function rescue(state: State, setting: Setting, id: InstanceId, server: ServerName): readonly Step[] {
  const { has, rows: onUnknown, maxAttempts } = setting;
  if (!has.rescue) return [];
  let next = state;
  for (const other of instanceIds) {
    if (other !== id && isSilent(state, other, server) && copyOf(next, server).registered[other])
      next = withCopy(next, server, withRegistration(copyOf(next, server), other, false));
  }
  for (const [index, row] of copyOf(state, server).rows.entries()) {
    if (row?.status !== "sending" || row.claimedBy === null) continue;
    const claim = state.claims[(row.claim ?? 0) - 1];
    if (claim?.isNamed === true && copyOf(next, server).registered[row.claimedBy]) continue;
    const again = sendsAgain(onUnknown[index] ?? "hold", row.attempts, maxAttempts);
    if (again && server === "primary" && state.change !== "none" && state.acknowledged === "no") continue;
    next = withRow(next, server, index, rescued(row, again || !has["dead-unknown"]));
  }
  return next === state ? [] : [step("rescue", next, { instance: id })];
}

/** Its heartbeats have not reached this server for longer than its lease. */
function isSilent(state: State, id: InstanceId, server: ServerName): boolean {
  const { life, link } = state.instances[id];
  return life === "overdue" || life === "dead" || (link !== server && state.hasWaited);
}
