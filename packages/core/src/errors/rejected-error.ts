import { TalkmeError } from "./talkme-error.ts";

/** The API refused the message; `response` is its answer. The same message will be refused again. */
export class RejectedError extends TalkmeError {
  override readonly outcome = "rejected";
}
