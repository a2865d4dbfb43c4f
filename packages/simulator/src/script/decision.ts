import type { Delivery } from "./delivery.ts";

/** The fate of a request, after accepting, counting and locking. */
export interface Decision {
  /** The shape, the fault or its rule, or `refused:` and the reason. */
  readonly answered: string;
  readonly accepted: boolean;
  /** Why it was refused, in a sentence without the request's values; null if it was not. */
  readonly reason: string | null;
  readonly latencyMs: number;
  readonly delivery: Delivery;
}
