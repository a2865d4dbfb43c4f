import { parsePhoneNumberFromString } from "libphonenumber-js/max";

import { brazilianDdds } from "./brazilian-ddds.ts";
import { dialledDigits } from "./dialled-digits.ts";
import type { PhoneProblem, PhoneResult } from "./phone-number.ts";

const mobile = /^[1-9][0-9]9[0-9]{8}$/;

/** The groups of an old mobile number. Others, as in `98888-777`, show that a digit is missing. */
const oldGroups = /[6-9]([0-9]{3}[^0-9]*[0-9]{4}|[0-9]([^0-9]+[0-9]{2}){3})$/;

/**
 * Carrier codes (CSP) that may follow the trunk zero, and 55, which some people write there. Without those codes after
 * which the text could be a foreign number whose `+` was mistyped as one zero.
 */
const carriers: ReadonlySet<string> = new Set(
  "12 13 14 15 17 21 23 25 26 31 32 34 36 41 43 45 51 55".split(" "),
);

/**
 * Parses a phone number as people write it.
 *
 * Brazilian numbers may come with or without country code, trunk zero, carrier code and punctuation: `+55
 * (11) 98888-7777`, `5511988887777`, `011988887777` and `11 8888-7777` (a mobile number from before 2016,
 * which is given its ninth digit) are all `11988887777`. Any other country's number must begin with `+`
 * or `00`, because without it the digits could be Brazilian. The number must exist in the numbering plan; whether
 * anybody answers is not checked. Pure; throws nothing for a text.
 */
export function normalizePhone(text: string): PhoneResult {
  if (mobile.test(text)) return brazilian(text, text);
  const digits = dialledDigits(text);
  if (digits === null) {
    return problem(
      "invalid_phone",
      "Write the phone number with digits, and with spaces, hyphens, dots or parentheses between groups of them; nothing before or behind it, such as an extension or a decimal, and no other number, such as a CPF.",
    );
  }
  if (!digits.startsWith("+")) {
    const national = digits.startsWith("55") && digits.length >= 12 ? digits.slice(2) : digits;
    return brazilian(withoutTrunk(national), text);
  }
  return digits.startsWith("+55") ? brazilian(withoutTrunk(digits.slice(3)), text) : foreign(digits.slice(1));
}

/**
 * Without a `+`, 55 is the country code only if more digits follow than DDD and number can have: it is also
 * the DDD of Santa Maria. `0` is the trunk prefix, after which two digits may choose a carrier (`0 15 11
 * 98888-7777`).
 */
function withoutTrunk(digits: string): string {
  if (!digits.startsWith("0")) return digits;
  const national = digits.slice(1);
  const hasCarrier = national.length === 12 || national.length === 13;
  return hasCarrier && carriers.has(national.slice(0, 2)) ? national.slice(2) : national;
}

/**
 * Spelled out instead of calling libphonenumber, which takes 11 µs for each number (a tenth of a processor at 10,000
 * messages/s) and refuses old mobile numbers. A test compares the two.
 */
function brazilian(national: string, written: string): PhoneResult {
  if (national.length !== 10 && national.length !== 11) {
    return problem(
      "invalid_phone_length",
      `A Brazilian phone number is a two-digit DDD and 8 or 9 digits; this one has ${national.length} digits in all.`,
    );
  }
  const ddd = national.slice(0, 2);
  if (!brazilianDdds.has(ddd)) {
    return problem(
      "invalid_ddd",
      `There is no DDD ${ddd} in Brazil; a foreign number must begin with + and its country code.`,
    );
  }
  const subscriber = national.slice(2);
  if (subscriber.length === 9) {
    if (!subscriber.startsWith("9")) {
      return problem(
        "invalid_phone",
        "A Brazilian number of 9 digits is a mobile one and must begin with 9.",
      );
    }
    return brazilianNumber(ddd, subscriber, false);
  }
  if (/^[01]/.test(subscriber)) {
    return problem("invalid_phone", "A Brazilian number of 8 digits cannot begin with 0 or 1.");
  }
  const isOldMobile = /^[6-9]/.test(subscriber);
  if (isOldMobile && !oldGroups.test(written.trim())) {
    return problem(
      "invalid_phone",
      "A Brazilian mobile number of 8 digits is written 8888-7777; grouped otherwise, it lacks a digit.",
    );
  }
  return brazilianNumber(ddd, isOldMobile ? `9${subscriber}` : subscriber, isOldMobile);
}

function brazilianNumber(ddd: string, subscriber: string, ninthDigitAdded: boolean): PhoneResult {
  const national = ddd + subscriber;
  return { ok: true, country: "BR", e164Digits: `55${national}`, national, ddd, ninthDigitAdded };
}

function foreign(digits: string): PhoneResult {
  if (digits.length < 7 || digits.length > 15) {
    return problem("invalid_phone_length", "An international phone number has 7 to 15 digits.");
  }
  const parsed = parsePhoneNumberFromString(`+${digits}`);
  if (parsed === undefined || !parsed.isValid()) {
    return problem("invalid_phone", "The number after + does not exist in its country's numbering plan.");
  }
  return {
    ok: true,
    country: parsed.country ?? null,
    e164Digits: parsed.number.slice(1),
    national: parsed.nationalNumber,
    ddd: null,
    ninthDigitAdded: false,
  };
}

function problem(code: PhoneProblem["code"], message: string): PhoneResult {
  return { ok: false, problem: { code, message } };
}
