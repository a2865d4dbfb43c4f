import { NotSentError } from "./not-sent-error.ts";
import type { TalkmeErrorDetails } from "./talkme-error.ts";

/** The API answered 429 or 503: it took nothing and wants to be asked later. */
export class RateLimitedError extends NotSentError {
  /**
   * The least time to wait before the next request, in milliseconds, as the answer's `Retry-After` says.
   * A floor: wait longer if you like, never less. Absent when the answer does not say.
   */
  declare readonly retryAfterMs?: number;

  constructor(message: string, details: TalkmeErrorDetails & { readonly retryAfterMs?: number | undefined }) {
    super(message, details);
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }
}
