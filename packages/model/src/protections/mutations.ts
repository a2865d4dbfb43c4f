import type { DesignName } from "../designs.ts";
import type { InvariantName } from "../search/invariants.ts";
import type { Protection } from "./protections.ts";

/** The absence of a protection. */
export interface Mutation {
  /** The design that it is taken out of. */
  readonly design: DesignName;
  /** What is violated then. */
  readonly violates: InvariantName;
}

/** Where the absence of each protection shows. */
export const mutations: Readonly<Record<Protection, Mutation>> = {
  mark: { design: "one primary", violates: "twice" },
  "claim-name": { design: "one primary", violates: "accepted but not sent" },
  "dead-unknown": { design: "one primary", violates: "twice" },
  "positive-list": { design: "one primary", violates: "sent but not accepted" },
  "late-answer": { design: "one primary", violates: "overruled" },
  epoch: { design: "one primary", violates: "more than the concurrency" },
  "reclaim-first": { design: "one primary", violates: "more than the concurrency" },
  reclaim: { design: "one primary", violates: "more than the concurrency" },
  rescue: { design: "one primary", violates: "stuck for ever" },
  timeline: { design: "history, promotion", violates: "twice" },
  identity: { design: "history, move", violates: "twice" },
  wait: { design: "history, promotion", violates: "twice" },
  deadline: { design: "history, promotion", violates: "twice" },
  "answers-before": { design: "history, promotion", violates: "twice" },
  "turns-before": { design: "history, promotion", violates: "twice" },
  "old-stopped": { design: "history, cut off", violates: "twice" },
  confirmation: { design: "standby, promotion", violates: "twice" },
  notice: { design: "standby, promotion", violates: "twice" },
  "never-dispatched": { design: "standby, promotion", violates: "twice" },
  "insert-confirmation": { design: "standby, promotion", violates: "lost" },
  "confirmed-only": { design: "history, promotion", violates: "twice" },
  witness: { design: "standby, restore", violates: "twice" },
};
