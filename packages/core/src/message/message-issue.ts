import type { ErrorCode } from "../errors/error-codes.ts";

/** One thing that is wrong with a message. Never holds the wrong value: it may be personal data. */
export interface MessageIssue {
  /** Where, such as `infoContato.geral1`; empty for the message as a whole. */
  readonly path: string;
  readonly code: ErrorCode;
  /** A sentence that says what is wrong and what to do. */
  readonly message: string;
}
