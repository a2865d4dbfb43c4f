import { readQueue, type Cursor, type LaneClaim, type SettleAndClaimResult } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Database } from "../database/database.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { rowsAtATime } from "../policy/rows-at-a-time.ts";
import { Traffic } from "../policy/traffic.ts";
import type { Account } from "../accounts/account.ts";
import type { Circuits } from "../admission/circuits.ts";
import type { Admission } from "../admission/admission.ts";
import type { LaneAnswers } from "../admission/lane-answers.ts";
import { LaneBook } from "./lane-book.ts";
import type { Limits, OpenLane } from "../admission/open-lane.ts";
import type { LaneRules } from "../admission/lane-rules.ts";
import type { Pacer } from "../admission/pacer.ts";
import { QueueWindow } from "./queue-window.ts";
import type { AvoidedRow, Suspects } from "./suspects.ts";

/** A look at the table may take this share of the time at most, however much there is to walk over. */
const lookShare = 0.1;
/**
 * A look that is this quick may be followed by another after as long again: an idle daemon looks whenever something was
 * inserted, and a row would wait for the pause. With thousands of lanes a look takes longer.
 */
const quickLookMs = 25;
/** A page of the queue is as long as takes a few milliseconds: what takes longer is the server's trouble of the moment. */
const longestPauseMs = 500;

/**
 * An insert is told without its lane: those that had rows a moment ago are tried first, and a look is to find the others. Where
 * rows were claimed then, it is put off so long at most: a look for each row would cost as much as its claim.
 */
const lookAfterTriesMs = 50;

/** While inserts are told, and nothing waits, looks are so many times rarer: an idle daemon sends a statement a second. */
const idleFactor = 2;

const noLanes: ReadonlySet<string> = new Set();

/** A part of a longer queue is looked at no more often: each look is a statement, and all lanes get their turn. */
const pageEveryMs = 100;

export interface ClaimPlannerParts {
  readonly database: Database;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly circuits: Circuits;
  readonly lanes: LaneAnswers;
  readonly rules: LaneRules;
  readonly pacer: Pacer;
  readonly admission: Admission;
  /** Lanes of which nothing is claimed: {@link UnsettledAnswers.stuckLanes}. */
  readonly stuckLanes: () => ReadonlySet<string>;
  /** Lanes that are not asked for together with others, and rows that are not asked for. */
  readonly suspects: Suspects;
  readonly pollIntervalMs: number;
  /** Whether inserts are told: then looks by the clock are only for what came another way. */
  readonly isTold: () => boolean;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Decides which rows to ask for: from which lanes, how many, and from where on. Holds no row itself. */
export class ClaimPlanner {
  readonly #parts: ClaimPlannerParts;
  readonly #book: LaneBook;
  readonly #window: QueueWindow;
  readonly #traffic = new Traffic();
  #lookDueAtMs = 0;
  #lookNotBeforeMs = 0;
  #lastLookTookMs = 0;
  #foundNothing = false;
  /** A claim was made in a state that is no longer true: nothing is claimed before the next look. */
  #outdated = false;
  /** An insert was told, and lanes that are known are to be tried before the look. */
  #tryKnown = false;
  /** They are being tried in this turn. */
  #tries = false;
  /** When the first insert was told that no look has followed. */
  #toldAtMs: number | null = null;
  /** Accounts that have rows waiting and are not configured here. */
  #strangers: ReadonlySet<string> = new Set();

  constructor(parts: ClaimPlannerParts) {
    this.#parts = parts;
    this.#book = new LaneBook(parts.pollIntervalMs);
    this.#window = new QueueWindow([...parts.accounts.keys()]);
  }

  /** Something may have been inserted: look at the table soon. */
  lookSoon(): void {
    this.#lookDueAtMs = 0;
  }

  /**
   * Something was inserted. The lanes that had rows a moment ago are tried first: a row of theirs is claimed a
   * round trip sooner. The look comes after, within {@link lookAfterTriesMs}.
   */
  insertTold(nowMs: number): void {
    this.#tryKnown = true;
    this.#toldAtMs ??= nowMs;
    this.lookSoon();
  }

  /** Looks at the table, if it is time to; returns whether it was. */
  async look(nowMs: number): Promise<boolean> {
    this.#tries = this.#tryKnown && this.#expectMore(nowMs, this.#tries);
    this.#tryKnown = false;
    if (this.#tries || nowMs < this.#lookAtMs()) return false;
    this.#toldAtMs = null;
    const { database, circuits, lanes, rules, pacer, pollIntervalMs, isTold, metrics } = this.#parts;
    // Before the question: what is inserted meanwhile has to be looked for again.
    this.#lookDueAtMs = nowMs + pollIntervalMs * (this.#foundNothing && isTold() ? idleFactor : 1);
    const wanted = this.#window.next(() => lanes.trusted(nowMs));
    const queue = await readQueue(database.turnConnection, wanted).catch((error: unknown) => {
      // What was told is still to be found.
      this.lookSoon();
      throw error;
    });
    const learntAtMs = performance.now();
    const tookMs = learntAtMs - nowMs;
    this.#window.learn(queue, tookMs);
    // One that took long by chance, on a busy machine, makes nobody wait.
    const usualMs = Math.min(tookMs, this.#lastLookTookMs);
    this.#lookNotBeforeMs = learntAtMs + pauseAfterMs(usualMs, this.#window.isPart);
    this.#lastLookTookMs = tookMs;
    this.#book.learn(queue.lanes, learntAtMs, (lane) => this.#window.covers(lane));
    lanes.learn(queue.lanes, learntAtMs);
    rules.learn(queue.lanes, learntAtMs, this.#window.isPart ? this.#book.lanes : noLanes);
    pacer.learn(queue.lanes);
    circuits.learn(queue.circuits, learntAtMs);
    this.#outdated = false;
    // The database's clock, like every other time that somebody compares with it.
    metrics.lastSuccessfulPoll.set(queue.nowSeconds);
    // Names that came by a way around the checks may stand among the lanes of an account.
    this.#noticeStrangers([...queue.strangers, ...queue.lanes.map(({ account }) => account)]);
    // The next page, as soon as looks may be made.
    if (this.#window.isPart) this.#lookDueAtMs = nowMs + pageEveryMs;
    this.#foundNothing = queue.lanes.length === 0;
    return true;
  }

  /** Plans what to claim into `slots` free slots, and gets what that needs. */
  async plan(slots: number, by: string, nowMs: number): Promise<readonly LaneClaim[]> {
    const { admission } = this.#parts;
    const ready = (): Iterable<OpenLane> => (this.#outdated ? [] : this.#ready(nowMs));
    await admission.prepare(ready(), slots, by, nowMs);
    if (slots < 1) return [];
    const opening = admission.open(ready(), slots, by, performance.now());
    const atATime = rowsAtATime(this.#book.dueLanes, this.#traffic.perSecond(nowMs));
    return this.#book
      .divide(slots, opening, atATime)
      .map(({ lane, after, limit }) => this.#claimOf(lane, after, limit, opening));
  }

  /**
   * Plans a claim of up to `limit` rows of a lane that is asked for by itself, while others are; {@link endApart} follows.
   *
   * @returns Null where there is nothing to claim, or it may not go now.
   */
  async planApart(lane: string, limit: number, by: string, nowMs: number): Promise<LaneClaim | null> {
    const open = this.#book.ready(nowMs).find((ready) => ready.lane === lane);
    if (this.#outdated || open === undefined || this.#parts.stuckLanes().has(lane)) return null;
    await this.#parts.admission.prepare([open], limit, by, nowMs);
    const opening = this.#parts.admission.open([open], limit, by, performance.now());
    const [share] = this.#book.divide(limit, opening);
    if (share === undefined) return null;
    return this.#beginApart(this.#claimOf(share.lane, share.after, share.limit, opening));
  }

  /** The same for a row that was passed over, and no other. */
  async planRow(row: AvoidedRow, by: string, nowMs: number): Promise<LaneClaim | null> {
    const { admission } = this.#parts;
    if (this.#outdated) return null;
    await admission.prepare([row], 1, by, nowMs);
    const opening = admission.open([row], 1, by, performance.now());
    const scopes = opening.scopesOf(row);
    const mayGo =
      opening.lanes.length > 0 && scopes.every((scope) => (opening.allowances.get(scope) ?? 0) >= 1);
    if (!mayGo) return null;
    const after = { dueAtUs: row.dueAtUs, id: String(BigInt(row.id) - 1n) };
    const claim = this.#claimOf(row, after, 1, opening);
    return this.#beginApart({ ...claim, avoid: claim.avoid?.filter((id) => id !== row.id) });
  }

  /** The claim's statement is over: its rows are dispatched at once, or there are none. */
  endApart({ account, lane, limit, trial }: LaneClaim): void {
    const nowMs = performance.now();
    if (trial) this.#parts.accounts.get(account)?.finished(lane, true, null, nowMs);
    this.#parts.pacer.gaveBack(lane, limit, nowMs);
  }

  /** Until it is over, others must not count on what it may use. */
  #beginApart(claim: LaneClaim): LaneClaim {
    const onTrial = claim.trial ? this.#parts.accounts.get(claim.account) : undefined;
    onTrial?.started(claim.lane, { decides: false, likelyHangs: false }, performance.now());
    for (let i = 0; i < claim.limit; i += 1) this.#parts.pacer.took(claim.lane);
    return claim;
  }

  #claimOf(lane: OpenLane, after: Cursor | null, limit: number, opening: Limits): LaneClaim {
    const { circuits, rules, suspects } = this.#parts;
    const { guarded, scan, rules: seen } = rules.heed(lane.lane);
    return {
      lane: lane.lane,
      priority: lane.priority,
      after,
      limit,
      account: lane.account,
      alarms: circuits.alarmsOf(lane.account),
      trial: opening.isTrial(lane),
      guarded,
      scan,
      rules: seen,
      avoid: suspects.avoidedIn(lane.lane),
    };
  }

  /** Takes in what a claim has brought, and the accounts for which it was not honoured. */
  accept(
    claims: readonly LaneClaim[],
    {
      claimed,
      passed,
      keptByTrigger,
      rewritten,
      held,
    }: Pick<SettleAndClaimResult, "claimed" | "passed" | "keptByTrigger" | "rewritten" | "held">,
    nowMs: number,
  ): void {
    this.#traffic.note(claimed.length, nowMs);
    if (this.#tries && claimed.length + passed.length > 0)
      this.#lookDueAtMs = (this.#toldAtMs ?? 0) + lookAfterTriesMs;
    const honoured = claims.filter(({ account }) => !held.includes(account));
    this.#book.advance(honoured, claimed, [...passed, ...keptByTrigger, ...rewritten]);
    if (held.length > 0) {
      this.#outdated = true;
      this.lookSoon();
    }
  }

  /** Whether rows come by the hundreds a second. */
  isDense(nowMs: number): boolean {
    return this.#traffic.isDense(nowMs);
  }

  /** Whether a lane has rows that could be claimed at once if there were free slots. */
  hasBacklog(by: string, nowMs: number): boolean {
    const { admission } = this.#parts;
    return this.#ready(nowMs).some((lane) => admission.readyInMs(lane, by, nowMs) <= 0);
  }

  /** How long there is nothing to claim, unless an answer or an insert comes: until a look, a due row or a token. */
  idleMs(slots: number, by: string, nowMs: number): number {
    const lookInMs = this.#lookAtMs() - nowMs;
    if (slots < 1 || this.#outdated) return Math.max(0, lookInMs);
    const waits = [...this.#ready(nowMs)].map((lane) => this.#parts.admission.readyInMs(lane, by, nowMs));
    const dueInMs = this.#book.nextDueInMs(nowMs);
    if (dueInMs !== null) waits.push(dueInMs);
    return Math.max(
      0,
      waits.reduce((soonest, ms) => Math.min(soonest, ms), lookInMs),
    );
  }

  #ready(nowMs: number): IteratorObject<OpenLane, undefined> {
    const { suspects } = this.#parts;
    const stuck = this.#parts.stuckLanes();
    const ready = this.#book.ready(nowMs);
    if (stuck.size === 0 && suspects.isEmpty) return ready;
    return ready.filter(({ lane }) => !stuck.has(lane) && !suspects.has(lane));
  }

  #noticeStrangers(found: readonly string[]): void {
    const { accounts, log } = this.#parts;
    const strangers = new Set(found.filter((name) => !accounts.has(name)));
    const news = strangers.difference(this.#strangers);
    if (news.size > 0) {
      log.warn({ accounts: [...news] }, "rows wait for accounts that are not configured here");
    }
    this.#strangers = strangers;
  }

  /**
   * Opens the lanes that had rows a moment ago. An insert does not wait for a look that has come due; nor does this for one insert
   * after the other: then they take turns.
   */
  #expectMore(nowMs: number, triedLast: boolean): boolean {
    const isLookOverdue =
      nowMs - (this.#toldAtMs ?? nowMs) >= lookAfterTriesMs && nowMs >= this.#lookNotBeforeMs;
    const isLookNext = isLookOverdue && triedLast;
    if (isLookNext || this.#outdated) return false;
    return this.#book.expectMore(({ lane }) => this.#mayGo(lane, nowMs), this.#window.isPart);
  }

  /** Whether a row of the lane may go as far as is known, and without a question to the database. */
  #mayGo(lane: string, nowMs: number): boolean {
    const { lanes, pacer } = this.#parts;
    return (
      lanes.isTrusted(lane, nowMs) &&
      pacer.scopesOf(lane).every((scope) => pacer.available(scope, nowMs) >= 1)
    );
  }

  #lookAtMs(): number {
    return Math.max(this.#lookDueAtMs, this.#lookNotBeforeMs);
  }
}

/** How long a look keeps off the next one; one at a part of the queue is followed by the next without anything new. */
function pauseAfterMs(tookMs: number, isPart: boolean): number {
  return tookMs < quickLookMs && !isPart ? tookMs : Math.min(longestPauseMs, tookMs / lookShare);
}
