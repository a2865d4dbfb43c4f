import { errorCodes } from "../errors/error-codes.ts";
import { InvalidMessageError } from "../errors/invalid-message-error.ts";
import type { MessageIssue } from "./message-issue.ts";
import type { ValidMessage } from "./message.ts";

const foreignFields = ["infoContato", "emailDest", "assunto"] as const;

/**
 * Refuses fields that method 1 cannot carry; dropping them silently would send a different message.
 *
 * @throws InvalidMessageError
 */
export function requireSimples(message: ValidMessage): void {
  const [first, ...others] = foreignFields
    .filter((field) => message[field] !== undefined && message[field] !== "")
    .map((field): MessageIssue => {
      const { remedy } = errorCodes.wrong_method;
      return {
        path: field,
        code: "wrong_method",
        message: `Method 1 has no parameter for ${field}. ${remedy}`,
      };
    });
  if (first !== undefined) throw new InvalidMessageError([first, ...others], { action: "simples" });
}
