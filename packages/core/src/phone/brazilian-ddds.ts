import { parsePhoneNumberFromString } from "libphonenumber-js/max";

/**
 * The DDDs (Brazilian area codes) that exist: 67 of the 90 that two digits allow.
 *
 * Read from libphonenumber's `max` metadata once, when the module loads (about 2 ms), so that a new DDD arrives with an
 * update of that library. The default `min` metadata has one pattern for the whole country and accepts any two digits.
 */
export const brazilianDdds: ReadonlySet<string> = new Set(
  Array.from({ length: 90 }, (_, index) => String(index + 10)).filter(
    (ddd) => parsePhoneNumberFromString(`+55${ddd}998887777`)?.isValid() === true,
  ),
);
