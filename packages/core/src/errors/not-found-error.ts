import { RejectedError } from "./rejected-error.ts";

/**
 * The API answered 404, or with a 404 text in a 2xx. Count these and stop early: three in a row are said to
 * lock the account's token.
 */
export class NotFoundError extends RejectedError {}
