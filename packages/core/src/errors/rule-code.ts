import { isErrorCode } from "./error-codes.ts";

declare const ofRule: unique symbol;

/**
 * The code of a user's own response rule: a text that is none of `errorCodes`. A type of its own, so that a `switch` over
 * `error.code` is exhaustive: with a case for each `ErrorCode`, what is left has this type.
 */
export type RuleCode = string & { readonly [ofRule]: true };

/** Whether a rule's code is one of its own. */
export function isRuleCode(code: string): code is RuleCode {
  return !isErrorCode(code);
}
