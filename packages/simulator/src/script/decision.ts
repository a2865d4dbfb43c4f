import type { Delivery } from "./delivery.ts";

/** What becomes of a request. Accepting, counting and locking are done by the time it exists. */
export interface Decision {
  /** The shape, the fault or its rule, or `refused:` and the reason. */
  readonly answered: string;
  readonly accepted: boolean;
  /** Why it was refused, in a sentence that holds no value of the request; null if it was not. */
  readonly reason: string | null;
  readonly latencyMs: number;
  readonly delivery: Delivery;
}
