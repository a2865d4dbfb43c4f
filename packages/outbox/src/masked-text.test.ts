import * as fc from "fast-check";
import { expect, test } from "vitest";

import { maskedText } from "./masked-text.ts";

test.each([
  "11988887777",
  "+5511988887777",
  "+55 11 98888-7777",
  "+55 (11) 9 8888 7777",
  "(11)98888.7777",
  "55-11-98888-7777",
  "11 98888 7777",
  "11\u00A098888\u20117777",
  "119\u200B8888\u200B7777",
  "%2B55%2011%2098888-7777",
  "١١٩٨٨٨٨٧٧٧٧",
  "１１９８８８８７７７７",
  "123.456.789-09",
  "11 - 98888 - 7777",
])("no digits are left of %s", (number) => {
  expect(maskedText(`o numero ${number} e invalido`)).toBe("o numero [number] e invalido");
});

test.each([
  "fulano@example.com.br",
  "Fulano.de-Tal+x@mail.example",
  "fulano%40example.com",
  "fulano&#64;example.com",
  String.raw`fulano\u0040example.com`,
  "fulano [at] example.com",
  "fulano@localhost",
])("nothing is left of the address %s", (address) => {
  expect(maskedText(`para ${address}: recusado`)).toBe("para [address]: recusado");
});

test("codes, counts and years stay", () => {
  const text = "HTTP 429 after 15000 ms, SQLSTATE 22P02, campaign 123456, in 2026";
  expect(maskedText(text)).toBe(text);
});

test("no text takes long, and none is longer than 500 characters", () => {
  for (const unit of ["1", "1 ", "a.", "@", "a@", "%2B", "(", "1    ", "[at]", "a@a."]) {
    // Its own processor time: beside other work the clock would say something else.
    const before = process.threadCpuUsage();
    expect(maskedText(unit.repeat(100_000)).length).toBeLessThan(510);
    expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(200);
  }
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.integer({ min: 1_000_000_000 }).map(String),
      (text, digits) => {
        expect(maskedText(`${text} ${digits}`)).not.toContain(digits);
      },
    ),
  );
});
