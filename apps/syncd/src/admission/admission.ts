import type { CircuitKind } from "@talkme/outbox";

import type { Metrics } from "../metrics/metrics.ts";
import { passage, slowdownAt, type Circuit, type CircuitSignal } from "../policy/circuit.ts";
import { trialWaitMs } from "../policy/trials.ts";
import type { Account } from "../accounts/account.ts";
import { reasons } from "./circuit-reasons.ts";
import type { Circuits } from "./circuits.ts";
import type { LaneAnswers } from "./lane-answers.ts";
import type { Limits, OpenLane } from "./open-lane.ts";
import type { LaneRules } from "./lane-rules.ts";
import type { Pacer } from "./pacer.ts";
import { RateWaits } from "./rate-waits.ts";

/** How rows of a lane may go now: as many as there is room for, one as a trial, or none for a while. */
type Permission =
  | { readonly kind: "free" | "trial" }
  /** Infinite where an answer, another instance or a person has to come first. */
  | { readonly kind: "wait"; readonly ms: number };

const forAnAnswer: Permission = { kind: "wait", ms: Number.POSITIVE_INFINITY };

export interface AdmissionParts {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly circuits: Circuits;
  readonly lanes: LaneAnswers;
  readonly rules: LaneRules;
  readonly pacer: Pacer;
  readonly metrics: Metrics;
}

/** What an answer says beyond its row. */
export interface Answer {
  readonly account: Account;
  readonly lane: string;
  readonly trial: boolean;
  readonly by: string;
  readonly signal: CircuitSignal;
  readonly retryAfterMs: number | null;
  /** False where the account's client was replaced since the request began. */
  readonly isOurToken: boolean;
  readonly startedAtMs: number;
  /** How long it took; null where there was none. */
  readonly answeredInMs: number | null;
}

/** So many lanes are named to people; of the others, how many there are. */
const namedLanes = 20;

const oldest = Number.MAX_SAFE_INTEGER;

/** One of an account is tried in a turn; a few more are offered, in case a rate does not let the first ones go. */
const mostTrialsOffered = 8;

/** So many are chosen from. */
const mostTrialsSeen = 64;

/** What holds for all lanes of an account at a moment. */
interface Standing {
  /** The account's, and its token's where the API refuses that. */
  readonly circuits: readonly Circuit[];
  readonly passes: ReturnType<typeof passage>;
  /** Until one more lane may be tried. */
  readonly trialWaitMs: number;
}

interface Standings {
  readonly nowMs: number;
  readonly of: Map<string, Standing>;
}

const noStandings: Standings = { nowMs: Number.NaN, of: new Map() };

/** The answer to `/readyz?verbose`. */
export interface AdmissionReport {
  readonly circuits: readonly {
    readonly account: string;
    readonly state: "closed" | "open" | "half_open";
    readonly kind?: CircuitKind;
    readonly reason?: string;
    readonly wait_seconds?: number;
    /** How many times its rate is halved, after 429. */
    readonly rate_halved: number;
  }[];
  /** Account, campaign and channel whose rows wait because the API does not find them. */
  readonly quiet_lanes: readonly { readonly lane: string; readonly wait_seconds: number }[];
  /** How many more than these there are. */
  readonly more_quiet_lanes: number;
}

/**
 * Decides how many rows of each lane may go: by what people have said of it, by the circuit of its account, by whether
 * it is known to work, and by the rates. Nothing here ever delays another account.
 */
export class Admission {
  readonly #parts: AdmissionParts;
  readonly #rateWaits: RateWaits;
  #newestFirst = false;
  #standings: Standings = noStandings;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
    this.#rateWaits = new RateWaits(parts.metrics);
  }

  /** Gets what `lanes` need to go, as far as it can be had now: permits to try, and times of the rates. */
  async prepare(lanes: Iterable<OpenLane>, room: number, by: string, nowMs: number): Promise<void> {
    const { accounts, circuits, pacer } = this.#parts;
    const going: OpenLane[] = [];
    const wanting = new Set<string>();
    for (const [lane, kind] of this.#candidates(lanes, room, by, nowMs)) {
      going.push(lane);
      if (kind === "trial") wanting.add(lane.account);
    }
    for (const account of wanting) await circuits.takeTrial(account, by, nowMs);
    this.#stateChanged();
    const idle = [...accounts.values()].filter(({ name, trials }) => trials.size === 0 && !wanting.has(name));
    await circuits.releaseTrials(
      by,
      idle.map(({ name }) => name),
    );
    for (const account of accounts.keys()) {
      pacer.slowDown(account, slowdownAt(circuits.of(account), nowMs));
    }
    const names = going.map(({ lane }) => lane);
    await pacer.reserve(names, room, performance.now());
    const reservedAtMs = performance.now();
    this.#rateWaits.note(pacer.lacking(names, reservedAtMs), reservedAtMs);
  }

  /** Those of the lanes that may go now into `room` slots: those on trial first, and of these the least suspicious one. */
  open(lanes: Iterable<OpenLane>, room: number, by: string, nowMs: number): Limits {
    const { lanes: answers, pacer } = this.#parts;
    const trials: OpenLane[] = [];
    const free: OpenLane[] = [];
    for (const [lane, kind] of this.#candidates(lanes, room, by, nowMs)) {
      if (kind === "free") free.push(lane);
      else if (this.#circuitsOf(lane.account).every(({ trial }) => trial?.by === by)) trials.push(lane);
    }
    // Among equals in turn, and each second time whoever came last: so many lanes may wait that the turn of one is far away.
    this.#newestFirst = !this.#newestFirst;
    const age = this.#newestFirst ? (lane: OpenLane): number => lane.age ?? oldest : (): number => oldest;
    const doubt = ({ lane }: OpenLane): number =>
      answers.of(lane).notFounds + answers.hangs(lane) + (answers.isTrusted(lane, nowMs) ? 0 : 0.5);
    const inOrder = trials
      .map((lane) => ({ lane, doubt: doubt(lane), age: age(lane) }))
      .toSorted((a, b) => a.doubt - b.doubt || a.age - b.age)
      .map(({ lane }) => lane)
      .filter(firstOfEachAccount(mostTrialsOffered));

    const isTrial = new Set(inOrder);
    const scopesOf = (lane: OpenLane): readonly string[] => {
      const scopes = pacer.scopesOf(lane.lane);
      return isTrial.has(lane) ? [...scopes, `trial:${lane.account}`] : scopes;
    };
    const open = [...inOrder, ...free];
    const allowances = new Map<string, number>();
    for (const scope of new Set(open.flatMap(scopesOf))) {
      allowances.set(scope, scope.startsWith("trial:") ? 1 : pacer.available(scope, nowMs));
    }
    return { lanes: open, isTrial: (lane) => isTrial.has(lane), scopesOf, allowances };
  }

  /** Milliseconds until rows of the lane may go; 0 where they may, or where a turn of the loop can make it so. */
  readyInMs(lane: OpenLane, by: string, nowMs: number): number {
    const admission = this.#admission(lane, by, nowMs);
    if (admission.kind === "wait") return admission.ms;
    const { pacer } = this.#parts;
    return Math.max(0, ...pacer.scopesOf(lane.lane).map((scope) => pacer.readyInMs(scope, nowMs)));
  }

  /** Whether a row that was claimed may still be sent: an answer may have come since. */
  admits(account: Account, lane: string, trial: boolean, nowMs: number): boolean {
    const { lanes } = this.#parts;
    switch (this.#passage(account.name, nowMs)) {
      case "nothing":
        return false;
      case "one":
        return trial && account.inFlight === 0;
      case "all":
        return trial || lanes.isTrusted(lane, nowMs);
    }
  }

  started(account: Account, lane: string, trial: boolean, nowMs: number): void {
    const { circuits, lanes, pacer } = this.#parts;
    const decides = trial && passage(circuits.of(account.name), nowMs) === "one";
    account.started(lane, trial ? { decides, likelyHangs: lanes.hangs(lane) > 0 } : null, nowMs);
    pacer.took(lane);
    this.#stateChanged();
  }

  finished(answer: Answer, nowMs: number): void {
    const { account, lane, by, signal, retryAfterMs, startedAtMs, answeredInMs, isOurToken } = answer;
    const { circuits, lanes } = this.#parts;
    const isHang = answeredInMs === null && signal === "unknown" && nowMs - startedAtMs >= account.patienceMs;
    // An older one says nothing about the 404 that came while it was on the wire: only what is tried after it does.
    const decides = account.finished(lane, answer.trial, answeredInMs, nowMs);
    lanes.observe(account.name, lane, signal, nowMs);
    if (isHang) lanes.observeHang(lane, startedAtMs, nowMs);
    const observed = { signal, trial: decides, by, retryAfterMs, atMs: nowMs };
    circuits.observe(account.name, observed, isOurToken);
    this.#stateChanged();
  }

  /** Tells the other instances what the answers say. Lanes first: who hears of an alarm must find what it is about. */
  async report(): Promise<void> {
    await this.#parts.lanes.report();
    await this.#parts.circuits.report();
    this.#stateChanged();
  }

  /** What waits, and why, for people. */
  describe(nowMs: number): AdmissionReport {
    const { accounts, circuits, lanes } = this.#parts;
    const quiet = lanes.quiet(nowMs);
    return {
      circuits: [...accounts.keys()].map((account) => {
        const circuit = circuits.of(account);
        const rateHalved = slowdownAt(circuit, nowMs);
        const open = circuit.open ?? circuits.ofToken(account)?.open ?? null;
        if (open === null) return { account, state: "closed", rate_halved: rateHalved };
        const { kind, halfOpenAtMs } = open;
        return {
          account,
          state: halfOpenAtMs > nowMs ? "open" : "half_open",
          kind,
          reason: reasons[kind].replace("NAME", account),
          wait_seconds: Math.max(0, Math.round((halfOpenAtMs - nowMs) / 1000)),
          rate_halved: rateHalved,
        };
      }),
      quiet_lanes: quiet
        .slice(0, namedLanes)
        .map(({ lane, waitMs }) => ({ lane, wait_seconds: Math.round(waitMs / 1000) })),
      more_quiet_lanes: Math.max(0, quiet.length - namedLanes),
    };
  }

  /** A clean stop: the others know what the last answers said, and the permits to try are free for them. */
  async leave(by: string): Promise<void> {
    await this.report();
    await this.#parts.circuits.releaseTrials(by);
  }

  /**
   * The lanes that need not wait, in their order, until `room` slots are sure to be filled, with a row of each lane. With
   * thousands of lanes the others are not asked: their turn comes.
   */
  *#candidates(
    lanes: Iterable<OpenLane>,
    room: number,
    by: string,
    nowMs: number,
  ): Generator<readonly [OpenLane, "free" | "trial"]> {
    const { pacer } = this.#parts;
    const trials = new Map<string, number>();
    let sure = 0;
    for (const lane of lanes) {
      if (sure >= room) return;
      const offered = trials.get(lane.account) ?? 0;
      // Of thousands that are to be tried, those whose turn it is and those that came last.
      if (offered >= mostTrialsSeen && (lane.age ?? null) === null && this.#isToBeTried(lane, nowMs))
        continue;
      const { kind } = this.#admission(lane, by, nowMs);
      if (kind === "wait") continue;
      yield [lane, kind];
      if (kind === "trial") trials.set(lane.account, offered + 1);
      else if (pacer.scopesOf(lane.lane).every((scope) => pacer.available(scope, nowMs) >= room)) sure += 1;
    }
  }

  /** Whether the lane is one of those of its account that are not known to work, while others go freely. */
  #isToBeTried({ account, lane }: OpenLane, nowMs: number): boolean {
    return this.#standing(account, nowMs).passes === "all" && !this.#parts.lanes.isTrusted(lane, nowMs);
  }

  #admission({ account: name, lane }: OpenLane, by: string, nowMs: number): Permission {
    const { accounts, lanes, rules } = this.#parts;
    const account = accounts.get(name);
    if (account === undefined) return forAnAnswer;
    const { circuits, passes, trialWaitMs: waitMs } = this.#standing(name, nowMs);
    const isFree = passes === "all" && lanes.isTrusted(lane, nowMs);
    if (passes === "all" && !isFree && waitMs > 0) return { kind: "wait", ms: waitMs };
    const heldForMs = rules.waitMs(lane, nowMs);
    if (heldForMs > 0) return { kind: "wait", ms: heldForMs };
    if (passes === "nothing") {
      return {
        kind: "wait",
        ms: Math.max(...circuits.map(({ open }) => (open?.halfOpenAtMs ?? nowMs) - nowMs)),
      };
    }
    const quietForMs = lanes.quietUntilMs(lane) - nowMs;
    if (quietForMs > 0) return { kind: "wait", ms: quietForMs };
    // Whatever it has done before: its rows would take one slot after the other.
    if (account.isSilent(lane, nowMs)) return forAnAnswer;
    if (isFree) return { kind: "free" };
    // Answers that are on their way could be the second 404 and the third.
    if (passes === "one" && account.inFlight > 0) return forAnAnswer;
    const onTrial = [...account.trials.keys()];
    if (onTrial.includes(lane)) return forAnAnswer;
    // Of those that have hung before one at a time: they leave room for the others.
    if (lanes.hangs(lane) > 0 && onTrial.some((one) => lanes.hangs(one) > 0)) return forAnAnswer;
    const isTaken = circuits.some(({ trial }) => trial !== null && trial.by !== by && trial.alive);
    return isTaken ? forAnAnswer : { kind: "trial" };
  }

  /** What may be sent for the account: what both its circuit and that of our token let pass. */
  #passage(account: string, nowMs: number): ReturnType<typeof passage> {
    const { circuits } = this.#parts;
    const passes = passage(circuits.of(account), nowMs);
    const token = circuits.ofToken(account);
    if (token === null || passes === "nothing") return passes;
    return passage(token, nowMs) === "nothing" ? "nothing" : "one";
  }

  /** That of the account, and that of our token where the API refuses it. */
  #circuitsOf(account: string): readonly Circuit[] {
    const { circuits } = this.#parts;
    const token = circuits.ofToken(account);
    return token === null ? [circuits.of(account)] : [circuits.of(account), token];
  }

  /** How the account stands, the same for thousands of lanes that are asked for at once. */
  #standing(name: string, nowMs: number): Standing {
    if (this.#standings.nowMs !== nowMs) this.#standings = { nowMs, of: new Map() };
    const known = this.#standings.of.get(name);
    if (known !== undefined) return known;
    const { accounts, lanes } = this.#parts;
    const account = accounts.get(name);
    const proof = { proven: lanes.isProven(name, nowMs), patienceMs: account?.patienceMs ?? 0 };
    const standing = {
      circuits: this.#circuitsOf(name),
      passes: this.#passage(name, nowMs),
      trialWaitMs: trialWaitMs(account?.trials.values() ?? [], proof, nowMs),
    };
    this.#standings.of.set(name, standing);
    return standing;
  }

  #stateChanged(): void {
    this.#standings = noStandings;
  }
}

/** For a filter: keeps so many lanes of each account. */
function firstOfEachAccount(most: number): (lane: OpenLane) => boolean {
  const counts = new Map<string, number>();
  return ({ account }) => {
    const count = (counts.get(account) ?? 0) + 1;
    counts.set(account, count);
    return count <= most;
  };
}
