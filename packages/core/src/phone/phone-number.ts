import type { ErrorCode } from "../errors/error-codes.ts";

/** A phone number that exists, in the forms that the API may accept. */
export interface PhoneNumber {
  /** ISO 3166 country, such as `BR`; null for a number that belongs to no single country. */
  readonly country: string | null;
  /** Country code and number, digits only: `5511988887777`. */
  readonly e164Digits: string;
  /** The number without its country code: `11988887777`. */
  readonly national: string;
  /** The Brazilian area code, which implies state and time zone; null for foreign numbers. */
  readonly ddd: string | null;
  /** Whether an old eight-digit mobile number got its ninth digit. */
  readonly ninthDigitAdded: boolean;
}

/** Why a text is not a phone number. */
export interface PhoneProblem {
  readonly code: Extract<ErrorCode, "invalid_phone" | "invalid_phone_length" | "invalid_ddd">;
  /** A sentence that says what to do, without the number. */
  readonly message: string;
}

/** The result of `normalizePhone`. */
export type PhoneResult =
  | ({ readonly ok: true } & PhoneNumber)
  | { readonly ok: false; readonly problem: PhoneProblem };
