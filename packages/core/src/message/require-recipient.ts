import { errorCodes } from "../errors/error-codes.ts";
import type { ErrorCode } from "../errors/error-codes.ts";
import { InvalidMessageError } from "../errors/invalid-message-error.ts";
import { normalizePhone } from "../phone/normalize-phone.ts";
import type { WireFormat } from "../wire/wire-format.ts";
import type { ValidMessage } from "./message.ts";
import { recipientOf } from "./recipient-of.ts";

/**
 * Refuses a message that would go to another recipient than the caller expects.
 *
 * @throws InvalidMessageError
 */
export function requireRecipient(message: ValidMessage, expected: string | undefined): void {
  if (expected !== undefined && expected !== recipientOf(message)) refuse("recipient_mismatch");
}

/**
 * Refuses a foreign number whose digits are those of a Brazilian one: Peru's `+51 912 345 678` goes out as
 * `51912345678`, a mobile number of Pelotas to an API that takes Brazilian numbers without 55. With country codes
 * everywhere, no number can be taken for another.
 *
 * @throws InvalidMessageError
 */
export function requireUnambiguousPhone(
  { numeroDest: phone }: ValidMessage,
  format: WireFormat["phoneFormat"],
): void {
  if (phone === undefined || phone.country === "BR" || format !== "national") return;
  if (normalizePhone(phone.e164Digits).ok) refuse("ambiguous_phone");
}

function refuse(code: Extract<ErrorCode, "recipient_mismatch" | "ambiguous_phone">): never {
  const { meaning, remedy } = errorCodes[code];
  const path = code === "ambiguous_phone" ? "numeroDest" : "";
  throw new InvalidMessageError([{ path, code, message: `${meaning} ${remedy}` }]);
}
