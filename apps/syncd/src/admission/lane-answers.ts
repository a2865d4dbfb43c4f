import { saveLaneAnswers, unlessLocked, type LaneAnswer, type QueuedLane } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Database } from "../database/database.ts";
import type { CircuitSignal } from "../policy/circuit.ts";
import {
  hangPauseMs,
  isDueForRenewal,
  isTrusted,
  quietMs,
  quietMsUnrecognized,
  unknownLane,
  type LaneTrust,
} from "../policy/lane-trust.ts";

interface KnownLane extends LaneTrust {
  /** When it was last written that the API takes its messages. */
  readonly savedAtMs: number | null;
}

/** A lane whose last requests got no answer. */
interface HangingLane {
  /** How many in a row. */
  readonly count: number;
  /** Its rows wait until then. */
  readonly untilMs: number;
}

/** The most lanes to remember: the database knows the others, or their next answer says it again. */
const mostRemembered = 20_000;

/** While somebody keeps a lane locked, nothing is reported during this. */
const lockedForMs = 2000;

/** What the API answered for each lane, shared with the other instances through the database. */
export class LaneAnswers {
  readonly #database: Database;
  readonly #log: Logger;
  readonly #lanes = new Map<string, KnownLane>();
  /** Answers in a row that no rule knew. Of this process alone: each makes its row `unknown`, which a person looks at. */
  readonly #unrecognized = new Map<string, number>();
  /** What is not in the database yet: the last answer of each lane. */
  readonly #news = new Map<string, LaneAnswer>();
  /** When to write these again, while somebody keeps one of them locked; null while nobody does. */
  #lockedUntilMs: number | null = null;
  readonly #hanging = new Map<string, HangingLane>();
  /** When the API last took a message of each account. */
  readonly #provenAtMs = new Map<string, number>();

  constructor(database: Database, log: Logger) {
    this.#database = database;
    this.#log = log;
  }

  of(lane: string): LaneTrust {
    return this.#lanes.get(lane) ?? unknownLane;
  }

  isTrusted(lane: string, nowMs: number): boolean {
    return isTrusted(this.of(lane), nowMs) && !this.#hanging.has(lane);
  }

  /** Whether the API has taken a message of the account lately. */
  isProven(account: string, nowMs: number): boolean {
    return isTrusted({ ...unknownLane, acceptedAtMs: this.#provenAtMs.get(account) ?? null }, nowMs);
  }

  /** The lanes whose messages the API takes, most recently taken first. */
  trusted(nowMs: number): readonly string[] {
    return [...this.#lanes]
      .filter(([lane]) => this.isTrusted(lane, nowMs))
      .toSorted(([, a], [, b]) => (b.acceptedAtMs ?? 0) - (a.acceptedAtMs ?? 0))
      .map(([lane]) => lane);
  }

  /** How many of the lane's last requests got no answer in time. */
  hangs(lane: string): number {
    return this.#hanging.get(lane)?.count ?? 0;
  }

  /** Until when the lane's rows wait, because the API does not find it or leaves its requests without an answer. */
  quietUntilMs(lane: string): number {
    return Math.max(this.of(lane).quietUntilMs, this.#hanging.get(lane)?.untilMs ?? 0);
  }

  /** The lanes whose rows wait, and for how long. */
  quiet(nowMs: number): readonly { readonly lane: string; readonly waitMs: number }[] {
    return [...new Set([...this.#lanes.keys(), ...this.#hanging.keys()])]
      .map((lane) => ({ lane, waitMs: Math.round(this.quietUntilMs(lane) - nowMs) }))
      .filter(({ waitMs }) => waitMs > 0);
  }

  /** Takes in what the database says of the lanes that have rows, and forgets what is of no more use of the others. */
  learn(queued: readonly QueuedLane[], nowMs: number): void {
    for (const [lane, known] of this.#lanes) {
      const isOfUse = isTrusted(known, nowMs) || known.notFounds > 0 || this.#news.has(lane);
      if (!isOfUse) this.#lanes.delete(lane);
    }
    if (this.#unrecognized.size > mostRemembered) this.#unrecognized.clear();
    for (const { lane, account, acceptedAgoMs, notFounds, quietForMs } of queued) {
      const acceptedAtMs = acceptedAgoMs === null ? null : nowMs - acceptedAgoMs;
      if (acceptedAtMs !== null) this.#proves(account, acceptedAtMs);
      if (this.#news.has(lane)) continue;
      const quietUntilMs = quietForMs > 0 ? nowMs + quietForMs : 0;
      this.#lanes.set(lane, { acceptedAtMs, notFounds, quietUntilMs, savedAtMs: acceptedAtMs });
    }
    this.#forgetMost();
  }

  /** Takes an answer into account. */
  observe(account: string, lane: string, signal: CircuitSignal, nowMs: number): void {
    const known = this.#lanes.get(lane) ?? { ...unknownLane, savedAtMs: null };
    if (signal === "success" || signal === "not_found" || signal === "unrecognized")
      this.#hanging.delete(lane);
    if (signal === "unrecognized") {
      this.#observeUnrecognized(account, lane, nowMs);
    } else if (signal === "success") {
      this.#unrecognized.delete(lane);
      this.#proves(account, nowMs);
      const isNews = known.notFounds > 0 || isDueForRenewal(known.savedAtMs, nowMs);
      if (isNews) this.#news.set(lane, { lane, account, notFounds: 0, quietForMs: 0 });
      const savedAtMs = isNews ? nowMs : known.savedAtMs;
      this.#lanes.set(lane, { acceptedAtMs: nowMs, notFounds: 0, quietUntilMs: 0, savedAtMs });
    } else if (signal === "not_found") {
      const notFounds = known.notFounds + 1;
      const quietForMs = quietMs(notFounds);
      this.#news.set(lane, { lane, account, notFounds, quietForMs });
      this.#lanes.set(lane, {
        acceptedAtMs: null,
        notFounds,
        quietUntilMs: quietForMs === 0 ? 0 : nowMs + quietForMs,
        savedAtMs: null,
      });
      if (quietForMs > 0) {
        this.#log.warn(
          { lane, not_founds: notFounds, wait_ms: quietForMs },
          "the API does not find this campaign or channel: its rows wait",
        );
      }
    }
  }

  #observeUnrecognized(account: string, lane: string, nowMs: number): void {
    const inARow = (this.#unrecognized.get(lane) ?? 0) + 1;
    this.#unrecognized.set(lane, inARow);
    const quietForMs = quietMsUnrecognized(inARow);
    if (quietForMs === 0) return;
    this.#news.set(lane, { lane, account, notFounds: 0, quietForMs });
    this.#lanes.set(lane, {
      acceptedAtMs: null,
      notFounds: 0,
      quietUntilMs: nowMs + quietForMs,
      savedAtMs: null,
    });
    this.#log.warn(
      { lane, in_a_row: inARow, wait_ms: quietForMs },
      "no response rule knows the answers to this campaign or channel: its rows wait",
    );
  }

  /**
   * A request got no answer in time. Unless the API took a message of the lane since, its rows wait, longer each time: a
   * person would have to look for each of them in Talk.me.
   */
  observeHang(lane: string, startedAtMs: number, nowMs: number): void {
    const known = this.#hanging.get(lane);
    const isAnswered = (this.of(lane).acceptedAtMs ?? 0) > startedAtMs;
    // Requests that hung together count once.
    const isCounted = known !== undefined && nowMs < known.untilMs;
    if (isAnswered || isCounted) return;
    const count = (known?.count ?? 0) + 1;
    const waitMs = hangPauseMs(count);
    this.#hanging.delete(lane);
    this.#hanging.set(lane, { count, untilMs: nowMs + waitMs });
    this.#log.warn(
      { lane, hangs: count, wait_ms: waitMs },
      "the API does not answer for this campaign or channel: its rows wait",
    );
  }

  /** Writes into the database what is new. */
  async report(): Promise<void> {
    if (this.#news.size === 0 || performance.now() < (this.#lockedUntilMs ?? 0)) return;
    const news = [...this.#news.values()];
    const saved = await unlessLocked(this.#database.kysely, (transaction) =>
      saveLaneAnswers(transaction, news),
    );
    this.#lockedUntilMs = saved === "locked" ? performance.now() + lockedForMs : null;
    if (saved === "locked") return;
    for (const answer of news) if (this.#news.get(answer.lane) === answer) this.#news.delete(answer.lane);
  }

  /** Whether the others cannot hear of a 404 of the account, because somebody keeps `talkme.lane` locked. */
  isUnreported(account: string): boolean {
    if (this.#lockedUntilMs === null) return false;
    return [...this.#news.values()].some((answer) => answer.account === account && answer.notFounds > 0);
  }

  #proves(account: string, atMs: number): void {
    if (atMs > (this.#provenAtMs.get(account) ?? Number.NEGATIVE_INFINITY))
      this.#provenAtMs.set(account, atMs);
  }

  #forgetMost(): void {
    for (const lane of this.#lanes.keys()) {
      if (this.#lanes.size <= mostRemembered) break;
      if (!this.#news.has(lane)) this.#lanes.delete(lane);
    }
    for (const lane of this.#hanging.keys()) {
      if (this.#hanging.size <= mostRemembered) break;
      this.#hanging.delete(lane);
    }
  }
}
