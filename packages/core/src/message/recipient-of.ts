import type { ValidMessage } from "./message.ts";

/**
 * Whom a message goes to, under one name however they were written: the number as {@link PhoneNumber.e164Digits}, the
 * address in small letters; with a space between them where the message has both. `talkme.recipient_of` of
 * `@talkme/outbox` says the same in SQL.
 */
export function recipientOf({ numeroDest, emailDest }: ValidMessage): string {
  const address = emailDest?.toLowerCase();
  if (numeroDest === undefined) return address ?? "";
  return address === undefined ? numeroDest.e164Digits : `${numeroDest.e164Digits} ${address}`;
}
