import { awaitsAnswer, claimed, settled } from "@talkme/model";

import type { Settlement } from "../../src/daemon.ts";
import { compareMoments, dueAt, type Model, type ModelRow } from "./model.ts";

/** A generated answer: right, late, repeated, or for a claim that never existed. */
export interface Answer {
  readonly id: string;
  readonly fence: number;
  readonly claim: number;
  readonly seal: number;
  readonly claimedBy: string;
  readonly status: Settlement["status"];
  readonly retryInMinutes: number | null;
  readonly refund: boolean;
  readonly recorded: boolean;
  readonly errorCode: string | null;
}

export interface Wish {
  readonly campaign: number;
  readonly priority: number;
  readonly limit: number;
}

interface ClaimImage {
  readonly id: string;
  readonly fence: number;
  readonly attempts: number;
}

/** The expected answer of settling and claiming in one statement. */
export interface TurnResult {
  readonly claimed: readonly ClaimImage[];
  /** Ids and codes. */
  readonly expired: readonly string[];
  readonly stale: readonly string[];
  readonly locked: readonly string[];
  readonly registered: boolean;
}

export interface Turn {
  readonly number: number;
  readonly instance: string;
  readonly answers: readonly Answer[];
  readonly wishes: readonly Wish[];
  /** A row that somebody else has locked. */
  readonly lockedId: string | null;
}

/** Predicts a turn, and moves the model on. */
export function predictTurn(model: Model, turn: Turn): TurnResult {
  const registered = model.heardAtMinute.has(turn.instance);
  // The claim sees the rows as they were before the statement, so it takes none that the same statement settles.
  const picked = registered ? turn.wishes.flatMap((wish) => pickRows(model, wish, turn.lockedId)) : [];

  const fates = turn.answers.map((answer) => ({ id: answer.id, fate: settle(model, answer, turn) }));
  const idsOf = (wanted: Fate): readonly string[] =>
    fates
      .filter(({ fate }) => fate === wanted)
      .map(({ id }) => id)
      .toSorted();
  const overdue = new Set(picked.filter((row) => model.isOverdue(row)));
  const images = new Map(picked.map((row) => [row, claim(model, row, turn)]));
  const sending = [...images].flatMap(([row, image]) => (overdue.has(row) ? [] : [image])).toSorted(byId);
  const expired = [...overdue].map(({ id }) => `${id} expired`).toSorted();
  return { claimed: sending, expired, stale: idsOf("stale"), locked: idsOf("locked"), registered };
}

type Fate = "settled" | "stale" | "locked";

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return Number(a.id) - Number(b.id);
}

function settle(model: Model, answer: Answer, { lockedId }: Turn): Fate {
  const row = model.rows.find((each) => each.id === answer.id && awaitsAnswer(each, answer));
  if (row !== undefined && row.id === lockedId) return "locked";
  // What is true of a request stays true, whatever became of its row.
  record(model, answer, row?.status === "sending");
  if (row === undefined) return "stale";
  Object.assign(row, settled(row, answer.claim, answer.status, answer.refund));
  row.retryAt = answer.retryInMinutes === null ? null : model.momentIn(answer.retryInMinutes);
  row.errorCode = answer.errorCode;
  return "settled";
}

/** An answer is recorded once, but a claim's first one unchecked, even beside a forged one, which no daemon makes. */
function record(model: Model, { id, claim: number, claimedBy, recorded }: Answer, isFirst: boolean): void {
  const key = `${id}:${number}:${claimedBy}`;
  const times = model.recorded.get(key) ?? 0;
  if (recorded && (isFirst || times === 0)) model.recorded.set(key, times + 1);
}

function pickRows(model: Model, wish: Wish, lockedId: string | null): readonly ModelRow[] {
  return model.rows
    .filter(
      (row) =>
        row.status === "pending" &&
        row.campaign === wish.campaign &&
        row.priority === wish.priority &&
        row.id !== lockedId &&
        model.isPast(dueAt(row)),
    )
    .toSorted((a, b) => compareMoments(dueAt(a), dueAt(b)) || byId(a, b))
    .slice(0, wish.limit);
}

function claim(model: Model, row: ModelRow, { number, instance }: Turn): ClaimImage {
  const expired = model.isOverdue(row);
  row.fence += 1;
  if (expired) {
    row.status = "expired";
    row.claimedBy = instance;
    row.errorCode = "expired";
  } else {
    Object.assign(row, claimed(row, { claim: number, claimedBy: instance }));
  }
  return { id: row.id, fence: row.fence, attempts: row.attempts };
}
