import { expect, test } from "vitest";
import { isNumero, nationalNumero } from "./phone-number.ts";

test.each([
  ["a mobile", "11988887777"],
  ["a landline", "1133332222"],
  ["a mobile in the highest DDD", "99988887777"],
  ["a mobile under DDD 55", "55988887777"],
  ["a Brazilian mobile with 55", "5511988887777"],
  ["a Brazilian landline with 55", "551133332222"],
  ["a Portuguese mobile", "351912345678"],
  ["a US number, as the guides write it", "14155552671"],
  ["a Chilean mobile", "56912345678"],
  ["15 digits, the most that E.164 has", "123456789012345"],
])("takes %s", (_what, numero) => {
  expect(isNumero(numero)).toBe(true);
});

test.each([
  ["nothing", ""],
  ["9 digits, no DDD", "988887777"],
  ["16 digits", "1234567890123456"],
  ["a DDD that does not exist", "20988887777"],
  ["a DDD that does not exist behind 55", "5520988887777"],
  ["a mobile without its 9", "11888877777"],
  ["a landline that begins with 1", "1113332222"],
  ["a plus", "+5511988887777"],
  ["a space", "11 988887777"],
  ["a newline at the end", "11988887777\n"],
  ["other digits than ASCII", "1198888777٧"],
  ["a leading zero", "011988887777"],
  ["11 digits of no country whose numbers have 11, and of no DDD", "20712345678"],
  ["a US number whose area begins with 1", "11115551234"],
])("refuses %s", (_what, numero) => {
  expect(isNumero(numero)).toBe(false);
});

test("55 is removed from a Brazilian number and from no other", () => {
  expect(nationalNumero("5511988887777")).toBe("11988887777");
  expect(nationalNumero("55988887777")).toBe("55988887777");
  expect(nationalNumero("351912345678")).toBe("351912345678");
});
