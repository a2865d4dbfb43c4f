import { maskedText, readQueue, type LaneClaim, type SettleAndClaimResult } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Database } from "../database/database.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { rowsAtATime } from "../policy/rows-at-a-time.ts";
import { Traffic } from "../policy/traffic.ts";
import type { Account } from "../accounts/account.ts";
import type { Admission } from "../admission/admission.ts";
import { LaneBook, type LaneShare } from "./lane-book.ts";
import type { Limits, OpenLane } from "../admission/open-lane.ts";
import { LookSchedule } from "./look-schedule.ts";
import { QueueWindow } from "./queue-window.ts";
import type { AvoidedRow, Suspects } from "./suspects.ts";

const noLanes: ReadonlySet<string> = new Set();

export interface ClaimPlannerParts {
  readonly database: Database;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly admission: Admission;
  /** Has the lanes from which nothing is claimed. */
  readonly unsettled: { readonly stuckLanes: ReadonlySet<string> };
  /** Lanes to claim from apart from the others, and rows to avoid. */
  readonly suspects: Suspects;
  readonly pollIntervalMs: number;
  /** Says whether notifications of inserts arrive: then looks by the clock find only what came another way. */
  readonly listener: { readonly listening: boolean };
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Decides which rows to ask for: from which lanes, how many, and from where on. Keeps no row itself. */
export class ClaimPlanner {
  readonly #parts: ClaimPlannerParts;
  readonly #book: LaneBook;
  readonly #window: QueueWindow;
  readonly #schedule: LookSchedule;
  readonly #traffic = new Traffic();
  /** A claim was made in an outdated state: nothing is claimed before the next look. */
  #outdated = false;
  /** Accounts that have rows waiting and are not configured here. */
  #strangers: ReadonlySet<string> = new Set();

  constructor(parts: ClaimPlannerParts) {
    this.#parts = parts;
    this.#book = new LaneBook(parts.pollIntervalMs);
    this.#schedule = new LookSchedule(parts.pollIntervalMs);
    this.#window = new QueueWindow([...parts.accounts.keys()]);
  }

  /** Something may have been inserted: look at the table soon. */
  lookSoon(): void {
    this.#schedule.soon();
  }

  /**
   * Something was inserted. The lanes that had rows a moment ago are tried first: a row of theirs is claimed a
   * round trip sooner. The look comes after.
   */
  insertReported(nowMs: number): void {
    this.#schedule.insertReported(nowMs);
  }

  /** Looks at the table, if it is time to; returns whether it was. */
  async look(nowMs: number): Promise<boolean> {
    const { database, admission, listener, metrics } = this.#parts;
    const tries = this.#schedule.mayTry(nowMs) && !this.#outdated && this.#expectMore(nowMs);
    if (!this.#schedule.beginTurn(tries, nowMs)) return false;
    // Before the question: it may miss what is inserted while it is answered.
    this.#schedule.lookBegan(listener.listening, nowMs);
    const wanted = this.#window.next(() => admission.trusted(nowMs));
    const queue = await readQueue(database.turnConnection, wanted).catch((error: unknown) => {
      this.#schedule.lookFailed();
      throw error;
    });
    const endedAtMs = performance.now();
    this.#window.learn(queue, endedAtMs - nowMs);
    this.#book.learn(queue.lanes, endedAtMs, (lane) => this.#window.covers(lane));
    const { isPart } = this.#window;
    admission.learn(queue, isPart ? this.#book.lanes : noLanes, endedAtMs);
    this.#schedule.lookEnded({ beganAtMs: nowMs, endedAtMs, isPart, isEmpty: queue.lanes.length === 0 });
    this.#outdated = false;
    // The database's clock, like every other time that somebody compares with it.
    metrics.lastSuccessfulPoll.set(queue.nowSeconds);
    // Names that got around the checks may stand among the lanes of an account.
    this.#noticeStrangers([...queue.strangers, ...queue.lanes.map(({ account }) => account)]);
    return true;
  }

  /** Plans what to claim into `slots` free slots, and gets what that needs. */
  async plan(slots: number, by: string, nowMs: number): Promise<readonly LaneClaim[]> {
    const ready = (): Iterable<OpenLane> => (this.#outdated ? [] : this.#ready(nowMs));
    const limits = await this.#parts.admission.wish(ready, slots, by, nowMs);
    if (slots < 1) return [];
    const atATime = rowsAtATime(this.#book.dueLanes, this.#traffic.perSecond(nowMs));
    return this.#book.divide(slots, limits, atATime).map((share) => this.#claimOf(share, limits));
  }

  /**
   * Plans a claim of up to `limit` rows of one lane that runs beside the others; {@link endApart} follows.
   *
   * @returns Null where there is nothing to claim, or it may not go now.
   */
  async planApart(lane: string, limit: number, by: string, nowMs: number): Promise<LaneClaim | null> {
    const open = this.#book.ready(nowMs).find((ready) => ready.lane === lane);
    if (this.#outdated || open === undefined || this.#parts.unsettled.stuckLanes.has(lane)) return null;
    const limits = await this.#parts.admission.wish(() => [open], limit, by, nowMs);
    const [share] = this.#book.divide(limit, limits);
    return share === undefined ? null : this.#beginApart(this.#claimOf(share, limits));
  }

  /** The same for a row that was passed over, and no other. */
  async planRow(row: AvoidedRow, by: string, nowMs: number): Promise<LaneClaim | null> {
    if (this.#outdated) return null;
    const limits = await this.#parts.admission.wish(() => [row], 1, by, nowMs);
    const hasRoom = limits.scopesOf(row).every((scope) => (limits.allowances.get(scope) ?? 0) >= 1);
    if (limits.lanes.length === 0 || !hasRoom) return null;
    const after = { dueAtUs: row.dueAtUs, id: String(BigInt(row.id) - 1n) };
    const claim = this.#claimOf({ lane: row, after, limit: 1 }, limits);
    return this.#beginApart({ ...claim, avoid: claim.avoid?.filter((id) => id !== row.id) });
  }

  /** The claim's statement is over: its rows are dispatched at once, or there are none. */
  endApart(claim: LaneClaim): void {
    this.#parts.admission.endApart(claim, performance.now());
  }

  #beginApart(claim: LaneClaim): LaneClaim {
    this.#parts.admission.beginApart(claim, performance.now());
    return claim;
  }

  #claimOf({ lane, after, limit }: LaneShare, limits: Limits): LaneClaim {
    return {
      lane: lane.lane,
      priority: lane.priority,
      after,
      limit,
      account: lane.account,
      trial: limits.isTrial(lane),
      ...this.#parts.admission.conditionsOf(lane),
      avoid: this.#parts.suspects.avoidedIn(lane.lane),
    };
  }

  /** Takes in the result of a claim. Where an account was refused, the next look comes first. */
  accept(
    claims: readonly LaneClaim[],
    {
      claimed,
      passed,
      keptByTrigger,
      rewritten,
      refusedAccounts,
    }: Pick<SettleAndClaimResult, "claimed" | "passed" | "keptByTrigger" | "rewritten" | "refusedAccounts">,
    nowMs: number,
  ): void {
    this.#traffic.note(claimed.length, nowMs);
    if (claimed.length + passed.length > 0) this.#schedule.triesSucceeded();
    const honoured = claims.filter(({ account }) => !refusedAccounts.includes(account));
    this.#book.advance(honoured, claimed, [...passed, ...keptByTrigger, ...rewritten]);
    if (refusedAccounts.length > 0) {
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
    const lookInMs = this.#schedule.nextAtMs - nowMs;
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
    const stuck = this.#parts.unsettled.stuckLanes;
    const ready = this.#book.ready(nowMs);
    if (stuck.size === 0 && suspects.isEmpty) return ready;
    return ready.filter(({ lane }) => !stuck.has(lane) && !suspects.has(lane));
  }

  #noticeStrangers(found: readonly string[]): void {
    const { accounts, log } = this.#parts;
    const strangers = new Set(found.filter((name) => !accounts.has(name)));
    const news = strangers.difference(this.#strangers);
    if (news.size > 0) {
      // Somebody may have mixed up the columns.
      log.warn(
        { accounts: [...news].map(maskedText) },
        "rows wait for accounts that are not configured here",
      );
    }
    this.#strangers = strangers;
  }

  /** Opens the lanes that had rows a moment ago; returns whether there are any. */
  #expectMore(nowMs: number): boolean {
    const { admission } = this.#parts;
    return this.#book.expectMore(({ lane }) => admission.isOpen(lane, nowMs), this.#window.isPart);
  }
}
