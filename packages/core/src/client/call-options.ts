/** What one call may want otherwise than its client. */
export interface CallOptions {
  /**
   * The longest that this call takes, in milliseconds.
   *
   * @default the client's
   */
  readonly timeoutMs?: number | undefined;
  /** Aborts the call: `not_sent` while nothing was written, `unknown` from then on. */
  readonly signal?: AbortSignal | undefined;
}
