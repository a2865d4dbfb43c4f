import * as fc from "fast-check";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { describe, expect, it } from "vitest";

import { brazilianDdds } from "./brazilian-ddds.ts";
import { normalizePhone } from "./normalize-phone.ts";

const mobile = { ok: true, country: "BR", ddd: "11", national: "11988887777", e164Digits: "5511988887777" };
const anyDdd = fc.constantFrom(...brazilianDdds);

describe("normalizePhone", () => {
  it.each([
    "11988887777",
    "+55 (11) 98888-7777",
    "5511988887777",
    "011988887777",
    "01511988887777",
    " 11 98888.7777 ",
    "+5511988887777",
    "005511988887777",
    "+55 (0)11 98888-7777",
    "+55 011 98888-7777",
    "+55 0 15 11 98888 7777",
    "11.98888.7777",
    "11.988.887.777",
    "11/98888-7777",
    "11\u00a098888\u20137777",
  ])("takes %s for the same mobile number", (text) => {
    expect(normalizePhone(text)).toEqual({ ...mobile, ninthDigitAdded: false });
  });

  it.each([
    "11 8888-7777",
    "551188887777",
    "+55 11 8888-7777",
    "01188887777",
    "11 88 88 77 77",
    "118888 7777",
  ])("gives %s, an old mobile number, its ninth digit and reports it", (text) => {
    expect(normalizePhone(text)).toEqual({ ...mobile, ninthDigitAdded: true });
  });

  it.each(["1133332222", "(11) 3333-2222", "551133332222", "+551133332222"])(
    "takes %s for a landline, without a ninth digit",
    (text) => {
      expect(normalizePhone(text)).toMatchObject({
        ok: true,
        national: "1133332222",
        ninthDigitAdded: false,
      });
    },
  );

  it("takes 55 for a DDD where the digits are those of a national number", () => {
    expect(normalizePhone("55988887777")).toMatchObject({ ddd: "55", national: "55988887777" });
    expect(normalizePhone("5555988887777")).toMatchObject({ ddd: "55", national: "55988887777" });
  });

  it.each([
    ["20988887777", "invalid_ddd"],
    ["+5520988887777", "invalid_ddd"],
    ["988887777", "invalid_phone_length"],
    ["", "invalid_phone"],
    ["119888877777", "invalid_phone_length"],
    ["+551198888", "invalid_phone_length"],
    ["+12", "invalid_phone_length"],
    ["11888877777", "invalid_phone"],
    ["1103332222", "invalid_phone"],
    ["+12025550", "invalid_phone"],
    ["call me", "invalid_phone"],
    ["1".repeat(10_000), "invalid_phone"],
    ["11٩٨٨٨٨٧٧٧٧", "invalid_phone"],
    ["1198887777.0", "invalid_phone"],
    ["119888777.00", "invalid_phone"],
    ["11988877.000", "invalid_phone"],
    ["1.1988887777E+10", "invalid_phone"],
    ["1,19888E+10", "invalid_phone"],
    ["1198887777,0", "invalid_phone"],
    ["'11988887777", "invalid_phone"],
    ["11 9888-7777/8", "invalid_phone"],
    ["11 9888-7777 (8)", "invalid_phone"],
    ["1198887777 0", "invalid_phone"],
    ["tel:+5511988887777", "invalid_phone"],
    ["11 3333-2222/2223", "invalid_phone"],
    ["09911988887777", "invalid_phone_length"],
    ["0351912345678", "invalid_phone_length"],
    // A CPF, a CNPJ, a number below zero, and an extension of a number without its DDD.
    ["119.888.877-77", "invalid_phone"],
    ["00.351.912/3456-78", "invalid_phone"],
    ["-11988887777", "invalid_phone"],
    ["3222-3333 12", "invalid_phone"],
    ["99988-7777-12", "invalid_phone"],
    // Not old: a digit is missing.
    ["11 98888-777", "invalid_phone"],
    ["+55 11 98888-777", "invalid_phone"],
    ["11 9 888-8777", "invalid_phone"],
    ["0055 11 988 88 777", "invalid_phone"],
  ])("refuses %s with the code %s", (text, code) => {
    expect(normalizePhone(text)).toMatchObject({ ok: false, problem: { code } });
  });

  it("accepts a foreign number only with +, and returns it whole", () => {
    expect(normalizePhone("+1 415 555 2671")).toMatchObject({
      country: "US",
      e164Digits: "14155552671",
      ddd: null,
    });
    expect(normalizePhone("+351 912 345 678")).toMatchObject({ country: "PT", e164Digits: "351912345678" });
    expect(normalizePhone("351912345678")).toMatchObject({ ok: false });
  });

  it.each([
    ["0014155552671", "14155552671"],
    ["00351912345678", "351912345678"],
    ["00 44 (0)20 7946 0958", "442079460958"],
    ["+44 (0)20 7946 0958", "442079460958"],
    ["+49 (0)30 901820", "4930901820"],
    ["+54 11 15 2345-6789", "5491123456789"],
    ["+1 1 415 555 2671", "14155552671"],
    ["+33.1.42.68.53.00", "33142685300"],
    ["+46 8 123 456 78", "46812345678"],
    ["0049 30 12345-67", "49301234567"],
  ])("gives %s as it goes out: %s", (text, e164Digits) => {
    expect(normalizePhone(text)).toMatchObject({ ok: true, e164Digits });
  });

  it("knows the 67 DDDs of Brazil", () => {
    expect(brazilianDdds.size).toBe(67);
  });

  it("agrees with libphonenumber on every number of the current plan", () => {
    const subscriber = fc.oneof(
      fc.integer({ min: 20_000_000, max: 59_999_999 }),
      fc.integer({ min: 900_000_000, max: 999_999_999 }),
    );
    fc.assert(
      fc.property(anyDdd, subscriber, (ddd, number) => {
        const result = normalizePhone(`${ddd}${number}`);
        expect(parsePhoneNumberFromString(`+55${ddd}${number}`)?.isValid()).toBe(true);
        expect(result).toMatchObject({ ok: true, national: `${ddd}${number}` });
      }),
    );
  });

  it("never calls a number valid that libphonenumber refuses", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+?[0-9]{6,15}$/), (text) => {
        const result = normalizePhone(text);
        const isValid = !result.ok || parsePhoneNumberFromString(`+${result.e164Digits}`)?.isValid() === true;
        expect(isValid).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("takes its own output for the same number", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]{2}[2-9][0-9]{7}$/), (text) => {
        const result = normalizePhone(text);
        const again = result.ok ? normalizePhone(result.national) : result;
        expect(again).toEqual(result.ok ? { ...result, ninthDigitAdded: false } : result);
        expect(result.ok ? normalizePhone(result.e164Digits) : again).toEqual(again);
      }),
    );
  });

  it("throws for no text at all, and its problems never contain the number", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const result = normalizePhone(text);
        const said = result.ok ? "" : result.problem.message;
        expect(text.length > 4 && said.includes(text)).toBe(false);
      }),
    );
  });
});
