import { expect, test } from "vitest";

import { maskedNumber } from "./masked-number.ts";

test.each([
  ["11988887777", "11*****7777"],
  ["1133332222", "11*****2222"],
  ["+55 (11) 98888-7777", "55*****7777"],
])("of %s a reader sees %s", (numero, shown) => {
  expect(maskedNumber(numero)).toBe(shown);
});

test.each(["98888777", "Fulano de tal", ""])("%j, which is not a number, is masked whole", (numero) => {
  expect(maskedNumber(numero)).toBe("*****");
});
