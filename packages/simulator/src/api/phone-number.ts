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
/** Those of fewer digits, by their countries: North America, France, Spain, Chile, Bolivia and Uruguay. */
const shortInternational =
  /^(?:1[2-9]\d\d[2-9]\d{6}|33[1-79]\d{8}|34[6-9]\d{8}|56[29]\d{8}|591[67]\d{7}|598[29]\d{7})$/;
const brazilianInternational = /^55\d{10,11}$/;

/**
 * Whether the API accepts this recipient: a Brazilian national number (10 digits for a landline, 11 for a
 * mobile, under an existing DDD), the 12 to 15 digits of an international one, without `+`, or the 11 digits of one of
 * some countries: of those alone, because any others may be a Brazilian number that somebody wrote wrongly.
 */
export function isNumero(numero: string): boolean {
  const national = nationalNumero(numero);
  return national.length > 11
    ? internationalDigits.test(national)
    : (areaCodes.has(national.slice(0, 2)) && (mobile.test(national) || landline.test(national))) ||
        shortInternational.test(national);
}

/** The number without Brazil's 55, so that both spellings of a number compare equal. */
export function nationalNumero(numero: string): string {
  return brazilianInternational.test(numero) ? numero.slice(2) : numero;
}
