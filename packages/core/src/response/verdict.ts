import type { ErrorCode } from "../errors/error-codes.ts";
import type { RuleCode } from "../errors/rule-code.ts";
import type { Outcome } from "../outcome.ts";

/** What an answer means. */
export type Verdict =
  | {
      readonly outcome: "accepted";
      /** The message's id, exactly as the answer writes it; null if it has none. */
      readonly reference: string | null;
      /** Name of the rule that decided. */
      readonly rule: string;
    }
  | {
      readonly outcome: Exclude<Outcome, "accepted">;
      /** A key of `errorCodes`, or the code of a user's rule. */
      readonly code: ErrorCode | RuleCode;
      readonly reference: string | null;
      /** Name of the rule that decided; null if none applied. */
      readonly rule: string | null;
    };
