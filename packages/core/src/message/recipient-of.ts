import type { ValidMessage } from "./message.ts";

/**
 * The recipient in one canonical form: the number as {@link PhoneNumber.e164Digits}, the address in lower case, separated
 * by a space if the message has both. `talkme.recipient_of` of `@talkme/outbox` is the same in SQL.
 */
export function recipientOf({ numeroDest, emailDest }: ValidMessage): string {
  const address = emailDest?.toLowerCase();
  if (numeroDest === undefined) return address ?? "";
  return address === undefined ? numeroDest.e164Digits : `${numeroDest.e164Digits} ${address}`;
}
