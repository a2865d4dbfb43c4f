import { saveLaneAnswers, type LaneAnswer, type QueuedLane } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Database } from "../database/database.ts";
import type { CircuitSignal } from "../policy/circuit.ts";
import {
  isDueForRenewal,
  isTrusted,
  quietMs,
  quietMsUnrecognized,
  unknownLane,
  type LaneTrust,
} from "../policy/lane-trust.ts";

interface KnownLane extends LaneTrust {
  /** When the database was last told that the API takes its messages. */
  readonly savedAtMs: number | null;
}

/** With more lanes in doubt than this it is not about lanes. */
const mostRemembered = 1000;

/** What the API said of each lane, shared with the other instances through the database. */
export class LaneAnswers {
  readonly #database: Database;
  readonly #log: Logger;
  readonly #lanes = new Map<string, KnownLane>();
  /** Answers in a row that no rule knew; of this process alone, for each makes its row `unknown`, and a person looks. */
  readonly #unrecognized = new Map<string, number>();
  /** Answers that the database has not been told of: the last one of each lane. */
  readonly #news = new Map<string, LaneAnswer>();

  constructor(database: Database, log: Logger) {
    this.#database = database;
    this.#log = log;
  }

  of(lane: string): LaneTrust {
    return this.#lanes.get(lane) ?? unknownLane;
  }

  isTrusted(lane: string, nowMs: number): boolean {
    return isTrusted(this.of(lane), nowMs);
  }

  /** The lanes whose rows wait because the API does not find their campaign or channel, and for how long. */
  quiet(nowMs: number): readonly { readonly lane: string; readonly waitMs: number }[] {
    return [...this.#lanes]
      .map(([lane, { quietUntilMs }]) => ({ lane, waitMs: Math.round(quietUntilMs - nowMs) }))
      .filter(({ waitMs }) => waitMs > 0);
  }

  /** Takes in what the database says of the lanes that have rows; of the others, what is of no more use is forgotten. */
  learn(queued: readonly QueuedLane[], nowMs: number): void {
    for (const [lane, known] of this.#lanes) {
      const isOfUse = isTrusted(known, nowMs) || known.notFounds > 0 || this.#news.has(lane);
      if (!isOfUse) this.#lanes.delete(lane);
    }
    if (this.#unrecognized.size > mostRemembered) this.#unrecognized.clear();
    for (const { lane, acceptedAgoMs, notFounds, quietForMs } of queued) {
      if (this.#news.has(lane)) continue;
      const acceptedAtMs = acceptedAgoMs === null ? null : nowMs - acceptedAgoMs;
      const quietUntilMs = quietForMs > 0 ? nowMs + quietForMs : 0;
      this.#lanes.set(lane, { acceptedAtMs, notFounds, quietUntilMs, savedAtMs: acceptedAtMs });
    }
  }

  /** Takes an answer into account. */
  observe(account: string, lane: string, signal: CircuitSignal, nowMs: number): void {
    const known = this.#lanes.get(lane) ?? { ...unknownLane, savedAtMs: null };
    if (signal === "unrecognized") {
      this.#observeUnrecognized(account, lane, nowMs);
    } else if (signal === "success") {
      this.#unrecognized.delete(lane);
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

  /** Tells the database what is new. */
  async report(): Promise<void> {
    if (this.#news.size === 0) return;
    const told = [...this.#news.values()];
    await saveLaneAnswers(this.#database.kysely, told);
    for (const answer of told) if (this.#news.get(answer.lane) === answer) this.#news.delete(answer.lane);
  }
}
