import type { MessageIssue } from "../message/message-issue.ts";
import { TalkmeError } from "./talkme-error.ts";
import type { TalkmeErrorDetails } from "./talkme-error.ts";

/** This client refused the message; no request was made. `code` is that of the first issue. */
export class InvalidMessageError extends TalkmeError {
  override readonly outcome = "rejected";
  /** Every problem of the message, not only the first. Never empty. */
  readonly issues: readonly MessageIssue[];

  constructor(
    issues: readonly [MessageIssue, ...MessageIssue[]],
    details: Omit<TalkmeErrorDetails, "code"> = {},
  ) {
    super(issues.map((issue) => issue.message).join(" "), { ...details, code: issues[0].code });
    this.issues = issues;
  }
}
