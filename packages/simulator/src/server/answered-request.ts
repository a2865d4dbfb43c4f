import type { RequestFacts } from "../api/request-facts.ts";

/** A request for logs. Numbers and addresses are not masked: mask them before showing them. */
export interface AnsweredRequest extends RequestFacts {
  /** Its number among all requests since the start or the last reset. */
  readonly ordinal: number;
  readonly method: string;
  readonly accepted: boolean;
  readonly answered: string;
  readonly reason: string | null;
  /** Null where the client gets no answer. */
  readonly status: number | null;
}
