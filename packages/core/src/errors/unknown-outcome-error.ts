import { TalkmeError } from "./talkme-error.ts";

/** The message may have been sent. Sending it again may message a person twice. */
export class UnknownOutcomeError extends TalkmeError {
  override readonly outcome = "unknown";
}
