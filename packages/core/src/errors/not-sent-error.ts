import { TalkmeError } from "./talkme-error.ts";

/** The message was provably not taken: sending it again cannot message a person twice. */
export class NotSentError extends TalkmeError {
  override readonly outcome = "not_sent";
}
