import type { Action } from "./action.ts";

/** Talk.me accepted the message. It may not be delivered: the API offers no way to ask. */
export interface Accepted {
  readonly outcome: "accepted";
  /** The method that carried it. */
  readonly action: Action;
  readonly httpStatus: number;
  /**
   * The message's id in the answer, as text, because it may have more digits than a number holds; null if
   * there is none.
   */
  readonly reference: string | null;
  /** Name of the response rule that decided. */
  readonly rule: string;
  /** The answer's body without the token, up to 64 KiB. */
  readonly response: string;
}
