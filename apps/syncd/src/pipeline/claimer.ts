import { discoverLanes, type ClaimedRow, type DiscoveredLane, type LaneClaim } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Database } from "../database/database.ts";
import type { Account } from "./account.ts";
import { LaneBook } from "./lane-book.ts";

/** A look at the table may take this share of the time at most, however much there is to walk over. */
const lookShare = 0.1;
const longestPauseMs = 10_000;

/** Decides which rows to ask for: from which lanes, how many, and from where on. Holds no row itself. */
export class Claimer {
  readonly #database: Database;
  readonly #accounts: ReadonlyMap<string, Account>;
  readonly #pollIntervalMs: number;
  readonly #log: Logger;
  readonly #lanes = new LaneBook();
  #lookDueAtMs = 0;
  #lookNotBeforeMs = 0;
  /** Accounts that have rows waiting and are not configured here. */
  #strangers: ReadonlySet<string> = new Set();

  constructor(
    database: Database,
    accounts: ReadonlyMap<string, Account>,
    pollIntervalMs: number,
    log: Logger,
  ) {
    this.#database = database;
    this.#accounts = accounts;
    this.#pollIntervalMs = pollIntervalMs;
    this.#log = log;
  }

  /** Something was inserted, or may have been: look at the table soon. */
  lookSoon(): void {
    this.#lookDueAtMs = 0;
  }

  /** Looks at the table, if it is time to; returns whether it was. */
  async look(nowMs: number): Promise<boolean> {
    if (nowMs < this.#lookAtMs()) return false;
    // Before the question: what is inserted meanwhile has to be looked for again.
    this.#lookDueAtMs = nowMs + this.#pollIntervalMs;
    const found = await discoverLanes(this.#database.kysely);
    const tookMs = performance.now() - nowMs;
    this.#lookNotBeforeMs = performance.now() + Math.min(longestPauseMs, tookMs / lookShare);
    this.#lanes.learn(found, performance.now());
    this.#noticeStrangers(found);
    return true;
  }

  /** What to claim into `slots` free slots. */
  plan(slots: number, nowMs: number): readonly LaneClaim[] {
    if (slots < 1) return [];
    const allowances = new Map(
      [...this.#accounts.values()].map((account) => [account.name, account.allowance(nowMs)]),
    );
    return this.#lanes.divide(slots, allowances, nowMs);
  }

  /** Takes in what a claim has brought. */
  accept(claims: readonly LaneClaim[], rows: readonly ClaimedRow[]): void {
    this.#lanes.advance(claims, rows);
  }

  /** Whether a lane has rows that could be claimed at once if there were free slots. */
  hasBacklog(nowMs: number): boolean {
    for (const name of this.#lanes.waitingAccounts(nowMs)) {
      if ((this.#accounts.get(name)?.allowance(nowMs) ?? 0) >= 1) return true;
    }
    return false;
  }

  /** How long there is nothing to claim, unless an answer or an insert comes: until a look, a due row or a token. */
  idleMs(slots: number, nowMs: number): number {
    const lookInMs = this.#lookAtMs() - nowMs;
    if (slots < 1) return Math.max(0, lookInMs);
    const waits = [lookInMs];
    const dueInMs = this.#lanes.nextDueInMs(nowMs);
    if (dueInMs !== null) waits.push(dueInMs);
    for (const name of this.#lanes.waitingAccounts(nowMs)) {
      const account = this.#accounts.get(name);
      if (account !== undefined) waits.push(account.readyInMs(nowMs));
    }
    return Math.max(0, Math.min(...waits));
  }

  #noticeStrangers(found: readonly DiscoveredLane[]): void {
    const names = found.map(({ account }) => account);
    const strangers = new Set(names.filter((name) => !this.#accounts.has(name)));
    const news = strangers.difference(this.#strangers);
    if (news.size > 0) {
      this.#log.warn({ accounts: [...news] }, "rows wait for accounts that are not configured here");
    }
    this.#strangers = strangers;
  }

  #lookAtMs(): number {
    return Math.max(this.#lookDueAtMs, this.#lookNotBeforeMs);
  }
}
