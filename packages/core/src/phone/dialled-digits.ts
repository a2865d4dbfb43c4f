const writtenLikeAPhone = /^\+?[0-9 \u00a0\u202f().\-/\u2010-\u2015\u2212]+$/;

/** A single last digit is a decimal, a check digit, an extension or an alternative: `11 9888-7777/8`. */
const loneLastDigit = /[^0-9][0-9]$/;
/** A minus sign, before a number that is none of a telephone. */
const notABeginning = /^[^+(0-9]/;
/** In Brazil two digits at the end follow two others; otherwise they are those of a CPF, or an extension. */
const lonePair = /[^0-9][0-9]{2}$/;
const twoPairs = /(^|[^0-9])[0-9]{2}[^0-9]+[0-9]{2}$/;
/** No group before a dot has more than five digits. */
const misplacedDot = /(^|[^0-9)])\.|\.([^0-9]|$)|[0-9]{6}\./;
/** After the last dot come three digits or more, or two after two others, as in France. */
const lastDottedGroup = /(\.[0-9]{3,}|(^|[^0-9])[0-9]{2}\.[0-9]{2})([^.0-9][^.]*)?$/;

/**
 * The digits that a person would dial for a written number, with a `+` before a country code (also for `00`). Null for
 * text that is not written like one telephone number.
 *
 * A dot separates groups of plausible size: the last digit of a spreadsheet's `1198887777.0` was never written by a
 * person. A slash may follow an area code, but not precede an extension or a second number, nor follow a group of a CNPJ.
 *
 * `talkme.dialled_digits` of `@talkme/outbox` is the same in SQL; a test of that package compares the two.
 */
export function dialledDigits(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed.length > 40 || !writtenLikeAPhone.test(trimmed)) return null;
  if (loneLastDigit.test(trimmed) || trimmed.endsWith(")") || notABeginning.test(trimmed)) return null;
  if (trimmed.includes(".") && (misplacedDot.test(trimmed) || !lastDottedGroup.test(trimmed))) return null;
  const slash = trimmed.indexOf("/");
  if (slash !== -1 && (/[/.].*\//s.test(trimmed) || onlyDigits(trimmed.slice(slash)).length < 6)) return null;
  const digits = onlyDigits(trimmed);
  const isForeign = (trimmed.startsWith("+") || digits.startsWith("00")) && !/^(00)?55/.test(digits);
  if (!isForeign && lonePair.test(trimmed) && !twoPairs.test(trimmed)) return null;
  if (trimmed.startsWith("+")) return `+${digits}`;
  return digits.startsWith("00") ? `+${digits.slice(2)}` : digits;
}

function onlyDigits(text: string): string {
  return text.replace(/[^0-9]/g, "");
}
