import { NotSentError } from "./not-sent-error.ts";
import type { TalkmeErrorDetails } from "./talkme-error.ts";

/** The API answered 429 or 503: it did not take the message and asks to wait. */
export class RateLimitedError extends NotSentError {
  /**
   * The least wait before the next request, in milliseconds, from the answer's `Retry-After`; absent without one. Wait
   * longer if you like, never less.
   */
  declare readonly retryAfterMs?: number;

  constructor(message: string, details: TalkmeErrorDetails & { readonly retryAfterMs?: number | undefined }) {
    super(message, details);
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }
}
