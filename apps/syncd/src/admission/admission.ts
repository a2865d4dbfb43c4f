import type { CircuitKind } from "@talkme/outbox";
import type { LaneClaim, Queue } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Account } from "../accounts/account.ts";
import type { Settings } from "../config/settings.ts";
import type { Database } from "../database/database.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Health } from "../service/health.ts";
import { slowdownAt, type CircuitSignal } from "../policy/circuit.ts";
import { reportAdmission, type AdmissionReport } from "./admission-report.ts";
import { Circuits } from "./circuits.ts";
import { LaneAnswers } from "./lane-answers.ts";
import { LaneRules } from "./lane-rules.ts";
import type { Limits, OpenLane } from "./open-lane.ts";
import { Pacer } from "./pacer.ts";
import { Permissions } from "./permissions.ts";
import { RateWaits } from "./rate-waits.ts";
import { Standings } from "./standings.ts";
import { inTrialOrder } from "./trial-order.ts";

export interface AdmissionOptions {
  readonly database: Database;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly settings: Pick<Settings, "circuit" | "ratesPerSecond" | "pollIntervalMs">;
  readonly metrics: Metrics;
  readonly health: Pick<Health, "waitsFor">;
  readonly log: Logger;
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

const namedLocks = 20;

const nothing: Limits = { lanes: [], isTrial: () => false, scopesOf: () => [], allowances: new Map() };

/**
 * Decides how many rows of each lane may go: by what people have said of it, by its account's circuit, by whether the API
 * is known to take its messages, and by the rates. It alone knows the parts that each of these is kept in. Nothing here
 * delays another account.
 */
export class Admission {
  readonly #accounts: ReadonlyMap<string, Account>;
  readonly #circuits: Circuits;
  readonly #lanes: LaneAnswers;
  readonly #rules: LaneRules;
  readonly #pacer: Pacer;
  readonly #standings: Standings;
  readonly #permissions: Permissions;
  readonly #rateWaits: RateWaits;
  readonly #health: Pick<Health, "waitsFor">;
  #newestFirst = false;

  constructor({ database, accounts, settings, metrics, health, log }: AdmissionOptions) {
    this.#health = health;
    this.#accounts = accounts;
    this.#circuits = new Circuits({ database, accounts, policy: settings.circuit, metrics, log });
    this.#lanes = new LaneAnswers(database, log);
    this.#rules = new LaneRules(settings.pollIntervalMs);
    this.#pacer = new Pacer(database, settings.ratesPerSecond, (scope) => metrics.beginScope(scope));
    this.#standings = new Standings(accounts, this.#circuits, this.#lanes);
    this.#permissions = new Permissions({
      accounts,
      standings: this.#standings,
      circuits: this.#circuits,
      lanes: this.#lanes,
      rules: this.#rules,
      pacer: this.#pacer,
    });
    this.#rateWaits = new RateWaits(metrics);
  }

  /**
   * Takes in what a look at the queue says of lanes, circuits and rates.
   *
   * @param remembered Lanes that may be claimed from although the look did not show them.
   */
  learn(look: Pick<Queue, "lanes" | "circuits">, remembered: ReadonlySet<string>, nowMs: number): void {
    this.#lanes.learn(look.lanes, nowMs);
    this.#rules.learn(look.lanes, nowMs, remembered);
    this.#pacer.learn(look.lanes);
    this.#circuits.learn(look.circuits, nowMs);
  }

  /** Applies the rates of a new configuration. */
  setRates(ratesPerSecond: ReadonlyMap<string, number>): void {
    this.#pacer.setRates(ratesPerSecond);
  }

  /**
   * Asks for `room` rows of `lanes`: gets the permits and the times that they need, as far as they can be had now.
   *
   * @param lanes The lanes at this moment; asked twice, because getting takes time.
   * @param by The instance that asks.
   * @returns What may be claimed.
   */
  async wish(lanes: () => Iterable<OpenLane>, room: number, by: string, nowMs: number): Promise<Limits> {
    await this.#prepare(lanes(), room, by, nowMs);
    return room < 1 ? nothing : this.#open(lanes(), room, by, performance.now());
  }

  /** What a claim of the lane names: it takes nothing where the database says something newer. */
  conditionsOf({ account, lane }: OpenLane): Pick<LaneClaim, "alarms"> & ReturnType<LaneRules["heed"]> {
    return { alarms: this.#circuits.alarmsOf(account), ...this.#rules.heed(lane) };
  }

  /** A claim begins that runs beside others: they must not count on what it may use. {@link endApart} follows. */
  beginApart({ account, lane, limit, trial }: LaneClaim, nowMs: number): void {
    if (trial) {
      this.#accounts.get(account)?.started(lane, { decides: false, likelyHangs: false }, nowMs);
    }
    for (let i = 0; i < limit; i += 1) this.#pacer.took(lane);
  }

  endApart({ account, lane, limit, trial }: LaneClaim, nowMs: number): void {
    if (trial) this.#accounts.get(account)?.finished(lane, true, null, nowMs);
    this.#pacer.gaveBack(lane, limit, nowMs);
  }

  /** Milliseconds until rows of the lane may go; 0 where they may, or where a turn of the loop can make it so. */
  readyInMs(lane: OpenLane, by: string, nowMs: number): number {
    const permission = this.#permissions.of(lane, by, nowMs);
    if (permission.kind === "wait") return permission.ms;
    const scopes = this.#pacer.scopesOf(lane.lane);
    return Math.max(0, ...scopes.map((scope) => this.#pacer.readyInMs(scope, nowMs)));
  }

  /** Whether a row of the lane may go, as far as is known without asking the database. */
  isOpen(lane: string, nowMs: number): boolean {
    const scopes = this.#pacer.scopesOf(lane);
    return (
      this.#lanes.isTrusted(lane, nowMs) && scopes.every((scope) => this.#pacer.available(scope, nowMs) >= 1)
    );
  }

  /** The lanes whose messages the API takes, most recently taken first. */
  trusted(nowMs: number): readonly string[] {
    return this.#lanes.trusted(nowMs);
  }

  /** Whether a row that was claimed may still be sent: an answer may have come since. */
  admits(account: Account, lane: string, trial: boolean, nowMs: number): boolean {
    switch (this.#standings.passage(account.name, nowMs)) {
      case "nothing":
        return false;
      case "one":
        return trial && account.inFlight === 0;
      case "all":
        return trial || this.#lanes.isTrusted(lane, nowMs);
    }
  }

  /** A row's request begins. */
  started(account: Account, lane: string, trial: boolean, nowMs: number): void {
    const decides = trial && this.#standings.passage(account.name, nowMs) === "one";
    account.started(lane, trial ? { decides, likelyHangs: this.#lanes.hangs(lane) > 0 } : null, nowMs);
    this.#pacer.took(lane);
    this.#standings.forget();
  }

  /** A row's request has ended. */
  finished(answer: Answer, nowMs: number): void {
    const { account, lane, by, signal, retryAfterMs, startedAtMs, answeredInMs, isOurToken } = answer;
    const isHang = answeredInMs === null && signal === "unknown" && nowMs - startedAtMs >= account.patienceMs;
    // A request older than the 404 that stopped the account says nothing about it: only a trial since then does.
    const decides = account.finished(lane, answer.trial, answeredInMs, nowMs);
    this.#lanes.observe(account.name, lane, signal, nowMs);
    if (isHang) this.#lanes.observeHang(lane, startedAtMs, nowMs);
    const observed = { signal, trial: decides, by, retryAfterMs, atMs: nowMs };
    this.#circuits.observe(account.name, observed, isOurToken);
    this.#standings.forget();
  }

  /** Shares with the other instances what the answers say. Lanes first: an alarm is about something they must find. */
  async report(): Promise<void> {
    await this.#lanes.report();
    await this.#circuits.report((account) => !this.#lanes.isUnreported(account));
    this.#standings.forget();
    this.#reportLocks();
  }

  /** A clean stop: shares what the last answers said, and gives back the permits to try. */
  async leave(by: string): Promise<void> {
    await this.report();
    await this.#circuits.releaseTrials(by);
  }

  /** What waits, and why, for people. */
  describe(nowMs: number): AdmissionReport {
    return reportAdmission(this.#accounts.keys(), this.#circuits, this.#lanes, nowMs);
  }

  /** Why each account waits; null while it does not. */
  get circuitKinds(): ReadonlyMap<string, CircuitKind | null> {
    return this.#circuits.kinds();
  }

  /** Messages a second that each scope with a rate may send now. */
  get rates(): ReadonlyMap<string, number> {
    return this.#pacer.rates;
  }

  /** Tells operators which locks of others rows wait for. */
  #reportLocks(): void {
    const names = [...this.#accounts.keys()];
    const locked = [
      ...names
        .filter((name) => this.#lanes.isUnreported(name))
        .map((name) => `talkme.lane (account ${name})`),
      ...names
        .filter((name) => this.#circuits.isLocked(name))
        .map((name) => `talkme.circuit (account ${name})`),
      ...this.#pacer.locked.map((scope) => `talkme.pace (${scope})`),
    ];
    const named = locked.slice(0, namedLocks).join(", ");
    this.#health.waitsFor(locked.length === 0 ? null : `rows wait for locks of others on ${named}`, "state");
  }

  async #prepare(lanes: Iterable<OpenLane>, room: number, by: string, nowMs: number): Promise<void> {
    const candidates = [...this.#permissions.candidates(lanes, room, by, nowMs)];
    const onTrial = candidates.filter(({ kind }) => kind === "trial");
    const wanting = new Set(onTrial.map(({ lane }) => lane.account));
    for (const account of wanting) await this.#circuits.takeTrial(account, by, nowMs);
    this.#standings.forget();
    const idle = [...this.#accounts.values()].filter(
      ({ name, trials }) => trials.size === 0 && !wanting.has(name),
    );
    await this.#circuits.releaseTrials(
      by,
      idle.map(({ name }) => name),
    );
    for (const account of this.#accounts.keys()) {
      this.#pacer.slowDown(account, slowdownAt(this.#circuits.of(account), nowMs));
    }
    const names = candidates.map(({ lane }) => lane.lane);
    await this.#pacer.reserve(names, room, performance.now());
    const reservedAtMs = performance.now();
    this.#rateWaits.note(this.#pacer.lacking(names, reservedAtMs), reservedAtMs);
  }

  /** The lanes that may go now into `room` slots, those on trial first. */
  #open(lanes: Iterable<OpenLane>, room: number, by: string, nowMs: number): Limits {
    const { trials = [], free = [] } = Object.groupBy(
      this.#permissions.candidates(lanes, room, by, nowMs),
      ({ lane, kind }) =>
        kind === "free" ? "free" : this.#standings.hasPermits(lane.account, by) ? "trials" : "others",
    );
    // So many lanes may wait that a new one's turn is far away: every other time the latest go first.
    this.#newestFirst = !this.#newestFirst;
    const toTry = trials.map(({ lane }) => lane);
    const inOrder = inTrialOrder(toTry, this.#lanes, this.#newestFirst, nowMs);
    const isTrial = new Set(inOrder);
    const scopesOf = (lane: OpenLane): readonly string[] => {
      const scopes = this.#pacer.scopesOf(lane.lane);
      return isTrial.has(lane) ? [...scopes, `trial:${lane.account}`] : scopes;
    };
    const open = [...inOrder, ...free.map(({ lane }) => lane)];
    const allowances = new Map<string, number>();
    for (const scope of new Set(open.flatMap(scopesOf))) {
      allowances.set(scope, scope.startsWith("trial:") ? 1 : this.#pacer.available(scope, nowMs));
    }
    return { lanes: open, isTrial: (lane) => isTrial.has(lane), scopesOf, allowances };
  }
}
