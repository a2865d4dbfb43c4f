import type { PhoneNumber } from "../phone/phone-number.ts";
import type { WireFormat } from "./wire-format.ts";

/**
 * A number as the API is given it. The examples on the vendor's page are Brazilian and without 55; a foreign
 * number is only recognisable with its country code, so it always has it.
 */
export function wireNumber(phone: PhoneNumber, format: WireFormat["phoneFormat"]): string {
  return phone.country === "BR" && format === "national" ? phone.national : phone.e164Digits;
}
