import type { SentFacts } from "./answer.ts";

/** A number is written with its country code, without it, without the ninth digit: these are in every form. */
const lastDigits = 8;

/** Whether digits are what was sent: the recipient's number in any form, the campaign, the channel, the account. */
export function isEcho(digits: string, sent: SentFacts | undefined): boolean {
  if (sent === undefined) return looksLikeMobile.test(digits);
  const { numeroDest, infoContato } = sent;
  if (numeroDest !== undefined && isSameNumber(digits, numeroDest.e164Digits)) return true;
  if (numeroDest === undefined && looksLikeMobile.test(digits)) return true;
  const bare = digits.replace(/^0+/, "");
  const ids = [sent.idCampanha, sent.idWpp, sent.idCliente];
  if (ids.some((id) => id !== undefined && String(id) === bare)) return true;
  return Object.values(infoContato ?? {}).some((value) => isSameNumber(digits, value.replace(/\D/g, "")));
}

/** For an answer to something unknown: a Brazilian mobile number, with or without its country code. */
const looksLikeMobile = /^(?:55)?[1-9][1-9]9\d{8}$/;

function isSameNumber(digits: string, other: string): boolean {
  if (digits === other) return true;
  return digits.length >= lastDigits && digits.length <= 15 && other.length >= lastDigits
    ? digits.endsWith(other.slice(-lastDigits))
    : false;
}
