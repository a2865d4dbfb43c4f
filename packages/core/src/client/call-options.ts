import type { JudgedAnswer } from "../response/judged-answer.ts";

/** Options of one call; they override the client's. */
export interface CallOptions {
  /**
   * The longest that this call takes, in milliseconds.
   *
   * @default the client's
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The longest wait before the request begins, in milliseconds; then the call fails as `not_sent`. For callers whose
   * right to send expires, for example while their process is paused.
   *
   * @default timeoutMs
   */
  readonly startWithinMs?: number | undefined;
  /**
   * The expected recipient, as {@link recipientOf} returns it. If the message would go to another one, the call fails as
   * `recipient_mismatch` before a request. For callers that have looked the recipient up, for example in an opt-out list.
   *
   * @default not checked
   */
  readonly recipient?: string | undefined;
  /** Aborts the call: `not_sent` if nothing was written yet, otherwise `unknown`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called before the call ends, with the answer as it came, without the token, and its interpretation. An error of it becomes
   * a warning of the process: it must not hide that a message was accepted.
   */
  readonly onAnswer?: ((answer: JudgedAnswer) => void) | undefined;
}
