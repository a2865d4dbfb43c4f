/**
 * The statement was committed here, and no synchronous standby has confirmed it: somebody cancelled the wait. After a failover it
 * may be as if it had never been. PostgreSQL says so in a warning, and then that all went well.
 */
export class UnconfirmedCommitError extends Error {
  override readonly name = "UnconfirmedCommitError";
  readonly code = "commit_unconfirmed";

  constructor() {
    super(
      "No synchronous standby has confirmed the commit: the wait for it was cancelled. Nothing is sent on the strength of it.",
    );
  }
}

/** The server's function that waits for the standby. Names of functions are not translated, as the text is. */
const waitRoutine = "SyncRepWaitForLSN";

/** Whether a notice of the server says that a commit was not confirmed. */
export function saysUnconfirmed(notice: { readonly routine?: string | undefined }): boolean {
  return notice.routine === waitRoutine;
}
