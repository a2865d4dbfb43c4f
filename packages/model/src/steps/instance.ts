import { serverOf, withClaim, withClaims, withInstance } from "../change-state.ts";
import type { Setting } from "../designs.ts";
import { instanceIds, type Claim, type InstanceId, type Memory, type State } from "../state.ts";
import { holds, isUnderWay, slotIsFree } from "./memory.ts";
import { step, type Step } from "./step.ts";

/** What happens within a process: what it hears, and the requests that it makes. */
export function instanceSteps(state: State, setting: Setting): readonly Step[] {
  const running = instanceIds.filter((id) => state.instances[id].life === "running");
  return running.flatMap((id) => connections(state, setting, id).concat(claims(state, setting, id)));
}

function claims(state: State, setting: Setting, id: InstanceId): readonly Step[] {
  return state.claims.flatMap((claim, index) =>
    claim.by === id ? stepsOf(state, setting, claim, index) : [],
  );
}

function stepsOf(state: State, setting: Setting, claim: Claim, index: number): readonly Step[] {
  const { by: instance, row } = claim;
  const about = { instance, row, claim: index };
  const becomes = (memory: Memory, wire = claim.wire): State => withClaim(state, index, { memory, wire });
  switch (claim.memory) {
    case "unheard":
      return [step("hear of claim", becomes("held"), about)];
    case "unconfirmed": {
      if (!setting.has.notice) return [step("hear of claim", becomes("held"), about)];
      return [step("heed notice", withInstance(becomes("lost"), instance, { mustReclaim: true }), about)];
    }
    case "held":
      return [step("request", becomes("waiting", "out"), about)];
    case "unmarked":
    case "waiting":
      return answers(state, setting, claim, index);
    case "none":
    case "committing":
    case "lost":
    case "accepted":
    case "rejected":
    case "notSent":
    case "unknown":
    case "late":
      return [];
  }
}

/** An answer comes, or the process waits no longer. */
function answers(state: State, { has }: Setting, claim: Claim, index: number): readonly Step[] {
  const about = { instance: claim.by, row: claim.row, claim: index };
  if (claim.memory === "unmarked") return [];
  const { wire } = claim;
  if (wire !== "out" && wire !== "none") {
    const meanings: readonly Memory[] = wire === "rejected" && !has["positive-list"] ? ["accepted"] : [wire];
    const heard = meanings.map((memory) =>
      step("answer", withClaim(state, index, { memory, wire: "none" }), about),
    );
    return state.faultsLeft === 0 ? heard : [...heard, timeOut(state, claim, index, "none", 1)];
  }
  if (wire === "none") return [timeOut(state, claim, index, "none", 0)];
  return state.faultsLeft === 0 ? [] : [timeOut(state, claim, index, "out", 1)];
}

/** Its request may still be on its way. */
function timeOut(state: State, claim: Claim, index: number, wire: "none" | "out", faults: number): Step {
  const next = withClaim({ ...state, faultsLeft: state.faultsLeft - faults }, index, {
    memory: "unknown",
    wire,
  });
  return step("time out", next, { instance: claim.by, row: claim.row, claim: index });
}

function connections(state: State, setting: Setting, id: InstanceId): readonly Step[] {
  const { link, lateStatement } = state.instances[id];
  const isWaiting = state.claims.some((claim) => claim.by === id && isUnderWay(claim));
  const steps: Step[] = [];
  if (link !== "primary") {
    const connected = withInstance(loseAnswers(state, id), id, {
      link: "primary",
      mustReclaim: true,
      lateStatement: "none",
    });
    steps.push(step("reconnect", connected, { instance: id }));
  }
  if (state.faultsLeft === 0) return steps;
  const faulty = { ...state, faultsLeft: state.faultsLeft - 1 };
  if (isWaiting && link !== "broken") {
    const lost = withInstance(loseAnswers(faulty, id), id, { mustReclaim: true });
    steps.push(step("lose answer", lost, { instance: id, row: rowUnderWay(state, id) }));
  }
  const mayClaim = !state.instances[id].mustReclaim || !setting.has["reclaim-first"];
  if (
    !isWaiting &&
    mayClaim &&
    lateStatement === "none" &&
    slotIsFree(state, id) &&
    serverOf(state, id) !== null
  ) {
    const given = withInstance(faulty, id, { lateStatement: "valid", mustReclaim: true });
    steps.push(step("give up claim", given, { instance: id }));
  }
  return steps;
}

function rowUnderWay(state: State, id: InstanceId): number {
  return state.claims.find((claim) => claim.by === id && isUnderWay(claim))?.row ?? 0;
}

function loseAnswers(state: State, id: InstanceId): State {
  return withClaims(state, (claim) => (claim.by === id && isUnderWay(claim) ? { memory: "lost" } : null));
}

/** Too late to make the requests that were not made yet: two thirds of a lease have passed since the claim. */
export function makeLate(state: State, { has }: Setting, isMeant: (claim: Claim) => boolean): State {
  if (!has.deadline) return state;
  return withClaims(state, (claim) => {
    if (!isMeant(claim) || (holds(claim) && claim.memory !== "held")) return null;
    if (claim.memory === "none" || claim.memory === "lost") return null;
    return { memory: claim.memory === "committing" || claim.memory === "unconfirmed" ? "lost" : "late" };
  });
}
