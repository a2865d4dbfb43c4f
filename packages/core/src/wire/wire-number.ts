import type { PhoneNumber } from "../phone/phone-number.ts";
import type { WireFormat } from "./wire-format.ts";

/**
 * A number as the API receives it. The vendor's examples are Brazilian numbers without 55; a foreign number always has its
 * country code, without which it is not recognisable.
 */
export function wireNumber(phone: PhoneNumber, format: WireFormat["phoneFormat"]): string {
  return phone.country === "BR" && format === "national" ? phone.national : phone.e164Digits;
}
