import type { ErrorCode } from "../errors/error-codes.ts";

/** One problem of a message. Never contains the wrong value, which may be personal data. */
export interface MessageIssue {
  /** Where, such as `infoContato.geral1`; empty for the message as a whole. */
  readonly path: string;
  readonly code: ErrorCode;
  /** A sentence: what is wrong and what to do. */
  readonly message: string;
}
