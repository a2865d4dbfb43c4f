import type { Daemon, Model } from "./model.ts";
import type { Answer, Turn, Wish } from "./predict-turn.ts";

/** A generated answer: its claim and its content. */
export interface AnswerPlan {
  /** Stands for any claim ever made: it may be settled, or its row claimed by another. */
  readonly claim: number;
  readonly says: "accepted" | "rejected" | "invalid" | "not sent" | "late" | "unknown";
  readonly retryInMinutes: number;
  /** An answer for a claim that never existed, with a wrong number or another instance's name. */
  readonly forged: "no" | "earlier claim" | "later claim" | "other instance";
}

export interface TurnPlan {
  readonly daemon: Daemon;
  readonly answers: readonly AnswerPlan[];
  readonly wishes: readonly Wish[];
  readonly locked: number | null;
}

/** Finds the claims that the plan's numbers stand for. */
export function turnOf(plan: TurnPlan, model: Model, number: number): Turn {
  const answers = new Map<string, Answer>();
  for (const answer of plan.answers) {
    const made = answerOf(answer, model);
    // A claim has one answer, and each claim of a row has its own number.
    if (made !== null) answers.set(`${made.id}:${made.claim}`, made);
  }
  return {
    number,
    instance: model.nameOf(plan.daemon),
    answers: [...answers.values()],
    wishes: plan.wishes,
    lockedId: plan.locked === null ? null : (model.pick(model.rows, plan.locked)?.id ?? null),
  };
}

function answerOf({ claim, says, retryInMinutes, forged }: AnswerPlan, model: Model): Answer | null {
  const made = model.pick(model.claims, claim);
  if (made === null) return null;
  const numbers = { no: 0, "earlier claim": -1, "later claim": 1, "other instance": 0 };
  const key = {
    id: made.id,
    fence: made.fence,
    claim: made.claim + numbers[forged],
    seal: made.seal,
    claimedBy: forged === "other instance" ? "nobody" : made.claimedBy,
  };
  const nothing = { retryInMinutes: null, refund: false, recorded: true, errorCode: null };
  switch (says) {
    case "accepted":
      return { ...key, ...nothing, status: "sent" };
    case "rejected":
      return { ...key, ...nothing, status: "failed", errorCode: "request_rejected" };
    case "invalid":
      return {
        ...key,
        ...nothing,
        status: "failed",
        errorCode: "invalid_ddd",
        refund: true,
        recorded: false,
      };
    case "not sent":
      return { ...key, ...nothing, status: "pending", errorCode: "connection_refused", retryInMinutes };
    case "late":
      return {
        ...key,
        status: "pending",
        errorCode: "claim_late",
        retryInMinutes: 0,
        refund: true,
        recorded: false,
      };
    case "unknown":
      return { ...key, ...nothing, status: "unknown", errorCode: "timeout" };
  }
}
