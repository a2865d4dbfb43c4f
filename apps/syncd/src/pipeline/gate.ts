import type { CircuitKind } from "@talkme/outbox";

import type { Metrics } from "../metrics/metrics.ts";
import { passage, slowdownAt, type Circuit, type CircuitSignal } from "../policy/circuit.ts";
import type { Account } from "./account.ts";
import { reasons } from "./circuit-reasons.ts";
import type { Circuits } from "./circuits.ts";
import type { LaneAnswers } from "./lane-answers.ts";
import type { Limits, OpenLane } from "./lane-book.ts";
import type { LaneRules } from "./lane-rules.ts";
import type { Pacer } from "./pacer.ts";
import { RateWaits } from "./rate-waits.ts";

/** How rows of a lane may go now: as many as there is room for, one as a trial, or none for a while. */
type Admission =
  | { readonly kind: "free" | "trial" }
  /** Infinite where an answer, another instance or a person has to come first. */
  | { readonly kind: "wait"; readonly ms: number };

const forAnAnswer: Admission = { kind: "wait", ms: Number.POSITIVE_INFINITY };

export interface GateParts {
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
}

/** The answer to `/readyz?verbose`. */
export interface GateReport {
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
}

/**
 * Decides how many rows of each lane may go: by what people have said of it, by the circuit of its account, by whether
 * it is known to work, and by the rates. Nothing here ever delays another account.
 */
export class Gate {
  readonly #parts: GateParts;
  readonly #rateWaits: RateWaits;

  constructor(parts: GateParts) {
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
    const idle = [...accounts.values()].filter(({ name, trials }) => trials === 0 && !wanting.has(name));
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
    const doubt = ({ lane }: OpenLane): number =>
      answers.of(lane).notFounds + (answers.isTrusted(lane, nowMs) ? 0 : 0.5);
    trials.sort((a, b) => doubt(a) - doubt(b));

    const isTrial = new Set(trials);
    const scopesOf = (lane: OpenLane): readonly string[] => {
      const scopes = pacer.scopesOf(lane.lane);
      return isTrial.has(lane) ? [...scopes, `trial:${lane.account}`] : scopes;
    };
    const open = [...trials, ...free];
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

  started(account: Account, lane: string, trial: boolean): void {
    account.started(trial);
    this.#parts.pacer.took(lane);
  }

  finished(answer: Answer, nowMs: number): void {
    const { account, lane, trial, by, signal, retryAfterMs, isOurToken } = answer;
    account.finished(trial);
    this.#parts.lanes.observe(account.name, lane, signal, nowMs);
    this.#parts.circuits.observe(account.name, { signal, trial, by, retryAfterMs, atMs: nowMs }, isOurToken);
  }

  /** Tells the other instances what the answers say. Lanes first: who hears of an alarm must find what it is about. */
  async report(): Promise<void> {
    await this.#parts.lanes.report();
    await this.#parts.circuits.report();
  }

  /** What waits, and why, for people. */
  describe(nowMs: number): GateReport {
    const { accounts, circuits, lanes } = this.#parts;
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
      quiet_lanes: lanes
        .quiet(nowMs)
        .map(({ lane, waitMs }) => ({ lane, wait_seconds: Math.round(waitMs / 1000) })),
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
    let sure = 0;
    for (const lane of lanes) {
      if (sure >= room) return;
      const { kind } = this.#admission(lane, by, nowMs);
      if (kind === "wait") continue;
      yield [lane, kind];
      const scopes = pacer.scopesOf(lane.lane);
      if (kind === "free" && scopes.every((scope) => pacer.available(scope, nowMs) >= room)) sure += 1;
    }
  }

  #admission({ account: name, lane }: OpenLane, by: string, nowMs: number): Admission {
    const { accounts, lanes, rules } = this.#parts;
    const account = accounts.get(name);
    if (account === undefined) return forAnAnswer;
    const heldForMs = rules.waitMs(lane, nowMs);
    if (heldForMs > 0) return { kind: "wait", ms: heldForMs };
    const passes = this.#passage(name, nowMs);
    const circuits = this.#circuitsOf(name);
    if (passes === "nothing") {
      return {
        kind: "wait",
        ms: Math.max(...circuits.map(({ open }) => (open?.halfOpenAtMs ?? nowMs) - nowMs)),
      };
    }
    const quietForMs = lanes.of(lane).quietUntilMs - nowMs;
    if (quietForMs > 0) return { kind: "wait", ms: quietForMs };
    if (passes === "all" && lanes.isTrusted(lane, nowMs)) return { kind: "free" };
    // Answers that are on their way could be the second 404 and the third.
    if (account.trials > 0 || (passes === "one" && account.inFlight > 0)) return forAnAnswer;
    const isTaken = circuits.some(({ trial }) => trial !== null && trial.by !== by && trial.alive);
    return isTaken ? forAnAnswer : { kind: "trial" };
  }

  /** What may be sent for the account: what both its circuit and that of our token let pass. */
  #passage(account: string, nowMs: number): "all" | "one" | "nothing" {
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
}
