/** The most that is kept of a text, in characters. */
const longest = 500;

/** A sign, a letter encoding one, or what people put between the digits of a number. */
const between = String.raw`(?:[\s\p{Zs}\p{Pd}\p{Cf}.()/_+]|%[02][0-9A-Fa-f]|%C2%A0|&nbsp;|\\u00a0){0,6}`;

/** Seven digits or more, in any script; fewer are a code, a year or a count. */
const numbers = new RegExp(String.raw`(?:\+|%2B)?\(?\p{Nd}(?:${between}\p{Nd}){6,}`, "giu");

const at = String.raw`(?:@|＠|%40|&#0*64;|&#x0*40;|&commat;|\\u0040|\s?\[at\]\s?|\s?\(at\)\s?)`;
const addresses = new RegExp(
  String.raw`[\p{L}\p{N}._%+'-]{1,64}${at}[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,8}`,
  "giu",
);

/**
 * Masks the telephone numbers, documents and e-mail addresses that a text of somebody else's may hold: every run of seven digits
 * or more, however they are grouped, and every address. Names stay: they look like other words. Keeps at most 500 characters.
 */
export function maskedText(text: string): string {
  const masked = text
    .slice(0, 4 * longest)
    .replace(addresses, "[address]")
    .replace(numbers, "[number]");
  return masked.length > longest ? `${masked.slice(0, longest)} …` : masked;
}
