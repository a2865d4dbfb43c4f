import { normalizePhone } from "@talkme/core";
import * as fc from "fast-check";

/** The pattern of national numbers by calling code, as in `talkme.numbering_plans`. */
export type NumberingPlans = Readonly<Record<string, readonly [string, ...string[]]>>;

const ddds = "11 19 21 24 27 31 34 38 41 49 51 53 55 61 68 71 79 81 89 91 99 20 23 10 00".split(" ");
const carriers = "12 14 15 21 25 31 41 43 55 99 00 54 35 77".split(" ");
const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));

const subscriber = fc.oneof(
  fc.stringMatching(/^9[0-9]{8}$/),
  fc.stringMatching(/^[2-5][0-9]{7}$/),
  fc.stringMatching(/^[6-9][0-9]{7}$/),
  digits(7, 10),
);
const national = fc.tuple(fc.constantFrom(...ddds), subscriber).map((parts) => parts.join(""));
const prefixed = fc
  .tuple(
    fc.constantFrom(
      "",
      "",
      "55",
      "+55",
      "0055",
      "+55 (0)",
      "+550",
      "0",
      "(0)",
      "+",
      "00",
      "55 0",
      "90",
      "000",
    ),
    fc.oneof(fc.constant(""), fc.constant(""), fc.constantFrom(...carriers)),
    national,
  )
  .map((parts) => parts.join(""));

/** A foreign number, with what people write between its code and the rest. */
function foreign(plans: NumberingPlans): fc.Arbitrary<string> {
  const prefix = fc.constantFrom(
    "",
    "",
    "",
    "0",
    "(0)",
    "1",
    "8",
    "15",
    "9",
    "9 11 15",
    "11 15",
    "06",
    "00",
    "01",
  );
  const numbers = Object.entries(plans).flatMap(([code, [pattern]], index) => {
    const tries = fc.sample(fc.stringMatching(new RegExp(`^(?:${pattern})$`)), { numRuns: 60, seed: index });
    const exists = (number: string): number => (normalizePhone(`+${code}${number}`).ok ? 0 : 1);
    const firstThatExist = tries.toSorted((one, other) => exists(one) - exists(other)).slice(0, 15);
    return firstThatExist.map((number) => [code, number] as const);
  });
  return fc
    .tuple(
      fc.constantFrom("+", "+", "00", "", "0", "+00"),
      fc.constantFrom(...numbers),
      prefix,
      fc.nat({ max: 10 }),
    )
    .map(
      ([plus, [code, number], before, wrong]) =>
        plus + code + before + (wrong === 0 ? number.slice(1) : number),
    );
}

const separators = [
  ..." .-/()".split(""),
  ..."\u00a0\u202f\u2009\u3000\u2010\u2013\u2014\u2212\u200b\u200e\u202a\ufeff\t\n,;#x'".split(""),
  "  ",
  ") ",
  " (",
  "e+",
  ".0",
  "E10",
];
const around = [
  "",
  "",
  "",
  " ",
  "\u00a0",
  "\n",
  "\ufeff",
  "\u200b",
  "tel:",
  "'",
  ".0",
  ".00",
  ",0",
  " ramal 2",
  ";ext=3",
  "/8",
  " (8)",
  ".",
];
const digitForms = [0x06_60, 0xff_10].map(
  (zero) => (text: string) =>
    text.replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(zero + Number(digit))),
);

function places(marks: readonly string[], maxLength: number): fc.Arbitrary<readonly [number, string][]> {
  return fc.array(fc.tuple(fc.nat({ max: 20 }), fc.constantFrom(...marks)), { maxLength });
}

/** Telephone numbers as people, spreadsheets and programs write them; many are invalid. */
export function writtenNumber(plans: NumberingPlans): fc.Arbitrary<string> {
  const bare = fc.oneof(prefixed, foreign(plans), prefixed, foreign(plans), digits(1, 18));
  const plain = fc.tuple(bare, places([" ", "-", ".", ") ", "\u00a0"], 2)).map(separate);
  const odd = fc
    .tuple(
      fc.constantFrom("", "", "", " ", "tel:", "\u200e", "'"),
      fc.tuple(bare, places(separators, 4)).map(separate),
      fc.constantFrom(...around),
      fc.nat({ max: 30 }),
    )
    .map(([before, text, after, form]) => `${before}${digitForms[form]?.(text) ?? text}${after}`);
  return fc.oneof(bare, plain, plain, odd);
}

function separate([text, marks]: readonly [string, readonly [number, string][]]): string {
  let written = text;
  for (const [at, mark] of marks) written = written.slice(0, at) + mark + written.slice(at);
  return written;
}
