/**
 * The statement was committed here, but it is not known that a synchronous standby has it. A failover may undo it, so nothing may be
 * sent that depends on it.
 */
export class UnconfirmedCommitError extends Error {
  override readonly name = "UnconfirmedCommitError";
  readonly code = "commit_unconfirmed";

  /** @param why A sentence: what became of the wait for the standby. */
  constructor(why: string) {
    super(`No synchronous standby confirmed the commit: ${why} syncd sends nothing that depends on it.`);
  }
}

export function isUnconfirmed(error: unknown): boolean {
  return error instanceof UnconfirmedCommitError;
}
