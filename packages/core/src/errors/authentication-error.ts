import { NotSentError } from "./not-sent-error.ts";

/**
 * The API answered 401 or 403: the account is at fault, not the message, so every other message would fail too.
 */
export class AuthenticationError extends NotSentError {}
