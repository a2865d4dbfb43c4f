/** The server's function that waits for the standby. Unlike the text, its name is never translated. */
const waitRoutine = "SyncRepWaitForLSN";

/**
 * Whether a notice from the server reports that a wait for a synchronous standby was cancelled. PostgreSQL only warns, and then
 * reports success.
 */
export function saysUnconfirmed(notice: { readonly routine?: string | undefined }): boolean {
  return notice.routine === waitRoutine;
}
