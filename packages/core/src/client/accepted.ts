import type { Action } from "./action.ts";

/** Talk.me took the message. That is not yet delivered: the API offers no way to ask whether it was. */
export interface Accepted {
  readonly outcome: "accepted";
  /** The method that carried it. */
  readonly action: Action;
  readonly httpStatus: number;
  /**
   * What the answer calls the message, as text, because it may have more digits than a number holds; null if
   * nothing.
   */
  readonly reference: string | null;
  /** Name of the response rule that decided. */
  readonly rule: string;
  /** The answer's body without the token, up to 64 KiB. */
  readonly response: string;
}
