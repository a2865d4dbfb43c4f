import type { Account } from "../accounts/account.ts";
import type { Circuits } from "./circuits.ts";
import type { LaneAnswers } from "./lane-answers.ts";
import type { LaneRules } from "./lane-rules.ts";
import type { OpenLane } from "./open-lane.ts";
import type { Pacer } from "./pacer.ts";
import type { Standings } from "./standings.ts";

/** How rows of a lane may go now: as many as there is room for, one as a trial, or none for a while. */
type Permission =
  | { readonly kind: "free" | "trial" }
  /** Infinite where an answer, another instance or a person has to come first. */
  | { readonly kind: "wait"; readonly ms: number };

/** A lane that need not wait, and how its rows may go. */
export interface Candidate {
  readonly lane: OpenLane;
  readonly kind: "free" | "trial";
}

export interface PermissionParts {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly standings: Standings;
  readonly circuits: Circuits;
  readonly lanes: LaneAnswers;
  readonly rules: LaneRules;
  readonly pacer: Pacer;
}

const forAnAnswer: Permission = { kind: "wait", ms: Number.POSITIVE_INFINITY };

/** Trials of an account to choose from. */
const mostTrialsSeen = 64;

/** Whether rows of a lane may go, and how: the rules that apply to a lane, in their order. */
export class Permissions {
  readonly #parts: PermissionParts;

  constructor(parts: PermissionParts) {
    this.#parts = parts;
  }

  /**
   * The lanes that need not wait, in their order, until they are sure to fill `room` slots with a row each. With thousands
   * of lanes the others are not asked: their turn comes.
   */
  *candidates(lanes: Iterable<OpenLane>, room: number, by: string, nowMs: number): Generator<Candidate> {
    const { pacer } = this.#parts;
    const trials = new Map<string, number>();
    let sure = 0;
    for (const lane of lanes) {
      if (sure >= room) return;
      const offered = trials.get(lane.account) ?? 0;
      // Of thousands to try: those whose turn it is, and those with the latest rows.
      if (offered >= mostTrialsSeen && (lane.age ?? null) === null && this.#needsTrial(lane, nowMs)) continue;
      const { kind } = this.of(lane, by, nowMs);
      if (kind === "wait") continue;
      yield { lane, kind };
      if (kind === "trial") trials.set(lane.account, offered + 1);
      else if (pacer.scopesOf(lane.lane).every((scope) => pacer.available(scope, nowMs) >= room)) sure += 1;
    }
  }

  /** @param by The instance that asks. */
  of({ account: name, lane }: OpenLane, by: string, nowMs: number): Permission {
    const { accounts, standings, lanes, rules } = this.#parts;
    const account = accounts.get(name);
    if (account === undefined) return forAnAnswer;
    const { circuits, passes, trialWaitMs } = standings.of(name, nowMs);
    const isFree = passes === "all" && lanes.isTrusted(lane, nowMs);
    if (this.#isCutOff(name, isFree)) return forAnAnswer;
    if (passes === "all" && !isFree && trialWaitMs > 0) return { kind: "wait", ms: trialWaitMs };
    const stoppedForMs = rules.waitMs(lane, nowMs);
    if (stoppedForMs > 0) return { kind: "wait", ms: stoppedForMs };
    if (passes === "nothing") {
      const waits = circuits.map(({ open }) => (open?.halfOpenAtMs ?? nowMs) - nowMs);
      return { kind: "wait", ms: Math.max(...waits) };
    }
    const quietForMs = lanes.quietUntilMs(lane) - nowMs;
    if (quietForMs > 0) return { kind: "wait", ms: quietForMs };
    // Even a trusted lane: its rows would take one slot after the other.
    if (account.isSilent(lane, nowMs)) return forAnAnswer;
    if (isFree) return { kind: "free" };
    // Answers on their way could be the second 404 and the third.
    if (passes === "one" && account.inFlight > 0) return forAnAnswer;
    const onTrial = [...account.trials.keys()];
    if (onTrial.includes(lane)) return forAnAnswer;
    // Lanes that have hung are tried one at a time, to leave room for the others.
    if (lanes.hangs(lane) > 0 && onTrial.some((one) => lanes.hangs(one) > 0)) return forAnAnswer;
    const isTaken = circuits.some(({ trial }) => trial !== null && trial.by !== by && trial.alive);
    return isTaken ? forAnAnswer : { kind: "trial" };
  }

  /** Somebody keeps locked what the other instances must hear first, or what a permit to try is written in. */
  #isCutOff(account: string, isFree: boolean): boolean {
    const { circuits, lanes } = this.#parts;
    if (lanes.isUnreported(account)) return true;
    return circuits.isLocked(account) && (!isFree || circuits.isUnreported(account));
  }

  /** Whether trusted lanes of the account go freely, and this is not one of them. */
  #needsTrial({ account, lane }: OpenLane, nowMs: number): boolean {
    const { standings, lanes } = this.#parts;
    return standings.of(account, nowMs).passes === "all" && !lanes.isTrusted(lane, nowMs);
  }
}
