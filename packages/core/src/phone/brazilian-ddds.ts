import { parsePhoneNumberFromString } from "libphonenumber-js/max";

/**
 * The DDDs (Brazilian area codes) that exist: 67 of the 90 that two digits allow.
 *
 * They are asked of libphonenumber's `max` metadata once, when the module is loaded (about 2 ms), so that a
 * DDD that Anatel creates arrives with an update of that library. The default `min` metadata would not do: it
 * holds one pattern for the whole country, and takes every two digits for a DDD.
 */
export const brazilianDdds: ReadonlySet<string> = new Set(
  Array.from({ length: 90 }, (_, index) => String(index + 10)).filter(
    (ddd) => parsePhoneNumberFromString(`+55${ddd}998887777`)?.isValid() === true,
  ),
);
