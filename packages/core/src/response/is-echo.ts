import type { SentFacts } from "./answer.ts";

/** As short as a number is written: without its area, and without the ninth digit. */
const shortest = 8;

/** Area and number: behind it, whatever may stand before a number, such as 0, a carrier or a country code. */
const withArea = 10;

/** Whether digits echo the request: the recipient's number in any form, the campaign, the channel or the account. */
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

/** Without a known request: a Brazilian mobile number, with or without its country code. */
const looksLikeMobile = /^(?:55)?[1-9][1-9]9\d{8}$/;

/**
 * Not by its last eight digits alone: a protocol may end with these by chance, and would be taken for no protocol.
 */
function isSameNumber(digits: string, other: string): boolean {
  const bare = digits.replace(/^0+/, "");
  if (digits === other) return true;
  if (bare.length < shortest || other.length < shortest) return false;
  const forms = [other, other.replace(/9(?=\d{8}$)/, "")];
  return forms.some((form) => form.endsWith(bare) || bare.endsWith(form.slice(-withArea)));
}
