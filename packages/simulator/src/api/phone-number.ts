/** The area codes (DDD) that Anatel has assigned: 67 of them. */
const areaCodes: ReadonlySet<string> = new Set(
  (
    "11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 41 42 43 44 45 46 47 48 49 51 53 54 55 " +
    "61 62 63 64 65 66 67 68 69 71 73 74 75 77 79 81 82 83 84 85 86 87 88 89 91 92 93 94 95 96 97 98 99"
  ).split(" "),
);

const landline = /^\d\d[2-5]\d{7}$/;
const mobile = /^\d\d9\d{8}$/;
const internationalDigits = /^[1-9]\d{11,14}$/;
const brazilianInternational = /^55\d{10,11}$/;

/**
 * Whether the API accepts this recipient: a Brazilian national number (10 digits for a landline, 11 for a
 * mobile, under an existing DDD) or the 12 to 15 digits of an international one, without `+`.
 *
 * 10 and 11 digits always count as national: +1 212 555 1234 looks like DDD 12, and is refused.
 */
export function isNumero(numero: string): boolean {
  const national = nationalNumero(numero);
  return national.length > 11
    ? internationalDigits.test(national)
    : areaCodes.has(national.slice(0, 2)) && (mobile.test(national) || landline.test(national));
}

/** The number without Brazil's 55, so that both spellings of a number compare equal. */
export function nationalNumero(numero: string): string {
  return brazilianInternational.test(numero) ? numero.slice(2) : numero;
}
