import type { JudgedAnswer } from "../response/judged-answer.ts";

/** What one call may want otherwise than its client. */
export interface CallOptions {
  /**
   * The longest that this call takes, in milliseconds.
   *
   * @default the client's
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The request is not begun later than so many milliseconds after the call: it fails as `not_sent` then. For callers
   * whose right to send runs out, as it may while their process is paused.
   *
   * @default timeoutMs
   */
  readonly startWithinMs?: number | undefined;
  /**
   * Whom the message must go to, in the form of {@link recipientOf}: if it would go to anybody else it fails as
   * `recipient_mismatch`, before a request. For callers that have looked the recipient up somewhere.
   *
   * @default whoever the message names
   */
  readonly recipient?: string | undefined;
  /** Aborts the call: `not_sent` while nothing was written, `unknown` from then on. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the answer as it came, without the token, and with what was made of it, before the call ends. */
  readonly onAnswer?: ((answer: JudgedAnswer) => void) | undefined;
}
