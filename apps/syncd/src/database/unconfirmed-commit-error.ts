/**
 * The statement was committed here, but no synchronous standby confirmed it because the wait was cancelled. A failover may
 * undo it. PostgreSQL only warns, and then reports success.
 */
export class UnconfirmedCommitError extends Error {
  override readonly name = "UnconfirmedCommitError";
  readonly code = "commit_unconfirmed";

  constructor() {
    super(
      "No synchronous standby confirmed the commit: the wait for it was cancelled. syncd sends nothing that depends on it.",
    );
  }
}

/** The server's function that waits for the standby. Unlike the text, its name is never translated. */
const waitRoutine = "SyncRepWaitForLSN";

/** Whether a notice from the server reports an unconfirmed commit. */
export function saysUnconfirmed(notice: { readonly routine?: string | undefined }): boolean {
  return notice.routine === waitRoutine;
}
