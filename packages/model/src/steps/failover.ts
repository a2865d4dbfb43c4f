import { withClaim, withClaims } from "../change-state.ts";
import type { Setting } from "../designs.ts";
import type { Change, Copy, Instance, State } from "../state.ts";
import { makeLate } from "./instance.ts";
import { step, type Step } from "./step.ts";

/**
 * The standby, and what becomes of the primary. The standby has everything until it falls behind; then it keeps what it has. So
 * a promotion may find it after any commit.
 */
export function failoverSteps(state: State, setting: Setting): readonly Step[] {
  if (setting.change === "none") return [];
  return [
    ...(state.change === "none" ? before(state, setting) : after(state, setting)),
    ...cancelledWaits(state),
  ];
}

function before(state: State, setting: Setting): readonly Step[] {
  const { primary, behind } = state;
  if (setting.change !== "promotion") {
    if (behind === null) return [step("back up", { ...state, behind: primary })];
    return [
      setting.change === "restore"
        ? step("recover", changed(state, "recovered", behind, false))
        : step("move", changed(state, "moved", behind, false)),
    ];
  }
  const standby = behind ?? primary;
  return [
    behind === null ? step("fall behind", { ...state, behind: primary }) : step("catch up", caughtUp(state)),
    step("promote", changed(state, "promoted", standby, false)),
    ...(setting.isCutOff ? [step("cut off", changed(state, "promoted", standby, true))] : []),
  ];
}

/** The standby confirms what waits for it. */
function caughtUp(state: State): State {
  const confirmed = withClaims(state, ({ memory }) =>
    memory === "committing" ? { memory: "unheard" } : null,
  );
  const deeds = state.deeds.map((each, index) =>
    state.primary.rows[index] === null ? each : { ...each, isPromised: true },
  );
  return { ...confirmed, behind: null, deeds };
}

function changed(state: State, change: Change, primary: Copy, isCutOff: boolean): State {
  const isRestored = change !== "promoted";
  const reconnects = (instance: Instance): Instance => ({
    ...instance,
    link: isCutOff && instance.link === "primary" ? "old" : "broken",
    lateStatement: isCutOff ? instance.lateStatement : "none",
    // Who restores goes back by more than a lease, whose heartbeats a living instance misses then.
    isWitness: !isRestored || instance.life === "dead",
  });
  const [first, second] = state.instances;
  const withBefore = withClaims(state, () => ({ isBefore: true }));
  return {
    ...withBefore,
    primary,
    behind: null,
    old: isCutOff ? state.primary : null,
    change,
    acknowledged: "no",
    hasWaited: false,
    instances: [reconnects(first), reconnects(second)],
    // A decision may be forgotten, and who restores accepts that rows are.
    deeds: state.deeds.map((each, index) => ({
      ...each,
      decided: primary.rows[index]?.status === each.decided ? each.decided : null,
      isPromised: each.isPromised && !isRestored,
    })),
  };
}

function after(state: State, setting: Setting): readonly Step[] {
  const steps: Step[] = [];
  if (state.old !== null) {
    const [first, second] = state.instances;
    steps.push(step("stop old", { ...state, old: null, instances: [broken(first), broken(second)] }));
  }
  const mayWait = state.old === null || !setting.has["old-stopped"];
  // A request is answered, or given up by everybody, within a lease of its beginning.
  const isQuiet = !state.claims.some(({ isBefore, wire }) => isBefore && wire === "out");
  if (!state.hasWaited && mayWait && isQuiet) {
    const late = makeLate(state, setting, ({ isBefore }) => isBefore);
    steps.push(step("lease after change", { ...late, hasWaited: true }));
  }
  return steps;
}

function broken(instance: Instance): Instance {
  return instance.link === "old" ? { ...instance, link: "broken", lateStatement: "none" } : instance;
}

/** `pg_cancel_backend`, or a pooler's time-out: the commit stands, and its answer says that no standby has it. */
function cancelledWaits(state: State): readonly Step[] {
  if (state.faultsLeft === 0) return [];
  return state.claims.flatMap(({ memory, row }, index) => {
    if (memory !== "committing") return [];
    const next = withClaim({ ...state, faultsLeft: state.faultsLeft - 1 }, index, { memory: "unconfirmed" });
    return [step("cancel wait", next, { row, claim: index })];
  });
}
