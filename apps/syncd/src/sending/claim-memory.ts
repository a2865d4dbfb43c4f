import { claimKey, type ClaimedRow, type RememberedClaim } from "@talkme/outbox/daemon";

import type { PendingSettlement } from "./unsettled-answers.ts";

/** More than a standby may lag behind: at 200 messages a second, a hundred seconds. Some ten megabytes. */
const mostClaims = 20_000;

interface Remembered extends Pick<ClaimedRow, "id" | "claim" | "fence" | "seal" | "lane" | "dueAtUs"> {
  readonly claimedBy: string;
  readonly era: string | null;
  readonly claimedAtMs: number;
  /** Null while its request is on the wire. */
  answer: PendingSettlement | null;
}

/** What one claim was, for {@link ClaimMemory.claims}. */
export interface OwnClaim extends RememberedClaim {
  readonly era: string | null;
}

/**
 * The latest claims of this process and their answers, also of rows that are settled: a failover or a restore may make the database
 * forget them.
 */
export class ClaimMemory {
  readonly #claims = new Map<string, Remembered>();
  readonly #most: number;

  /** @param most Beyond this many, the earliest are forgotten. */
  constructor(most = mostClaims) {
    this.#most = most;
  }

  /** A row is about to be sent. */
  claimed(row: ClaimedRow, claimedBy: string, era: string | null, nowMs: number): void {
    const { id, claim, fence, seal, lane, dueAtUs } = row;
    this.#claims.set(claimKey(row), {
      id,
      claim,
      fence,
      seal,
      lane,
      dueAtUs,
      claimedBy,
      era,
      claimedAtMs: nowMs,
      answer: null,
    });
    if (this.#claims.size <= this.#most) return;
    const [earliest] = this.#claims.keys();
    if (earliest !== undefined) this.#claims.delete(earliest);
  }

  /** The texts of the answer are not kept: they may be long, and what matters is what became of the row. */
  answered(settlement: PendingSettlement): void {
    const remembered = this.#claims.get(claimKey(settlement));
    if (remembered === undefined) return;
    const { onSettled: _, ...answer } = settlement;
    remembered.answer = { ...answer, response: null };
  }

  /** All of them, the earliest first. */
  claims(nowMs: number): readonly OwnClaim[] {
    return [...this.#claims.values()].map(
      ({ id, claim, claimedBy, era, fence, seal, lane, dueAtUs, answer, claimedAtMs }) => ({
        id,
        claim,
        claimedBy,
        era,
        fence,
        seal,
        lane,
        dueAtUs,
        ageMs: nowMs - claimedAtMs,
        leftUs: answer === null || answer.status !== "pending",
      }),
    );
  }

  /** The answers of those that have one, except where `without` says no. */
  answers(without: ReadonlySet<string>): readonly PendingSettlement[] {
    return [...this.#claims].flatMap(([key, { answer }]) =>
      answer === null || without.has(key) ? [] : [answer],
    );
  }
}
