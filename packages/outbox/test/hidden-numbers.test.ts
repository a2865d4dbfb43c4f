import { sql } from "kysely";
import { expect, test } from "vitest";

import { maskedText } from "../src/masked-text.ts";
import { TestOutbox } from "./support/outbox.ts";

const numbers = [
  "11988887777",
  "+55 (11) 98888-7777",
  "+55 11 98888 - 7777",
  "(11)  98888  -  7777",
  "11 98888\u00A07777",
  "11\u20119888\u20118777",
  "119\u200B8888\u200B7777",
  "11_98888_7777",
  "11/98888/7777",
  "1198888\n7777",
  "%2B55%2011%2098888-7777",
  "１１９８８８８７７７７",
  "١١٩٨٨٨٨٧٧٧٧",
  "123.456.789-09",
];
const addresses = [
  "fulano@example.com.br",
  "fulano%40example.com",
  "fulano＠example.com",
  "fulano&#64;example.com",
  String.raw`fulano\u0040example.com`,
  "fulano [at] example.com",
];

test("explain, history and capture_error show no number and no address, however an answer or an error writes it", async () => {
  const outbox = await TestOutbox.open();
  const shown = async (text: string): Promise<unknown> => {
    const { rows } = await sql<{ hidden: string; without: string }>`
      select talkme.hide_numbers(${text}) as hidden, talkme.without_values(${text}) as without
    `.execute(outbox.db);
    return [rows[0]?.hidden, rows[0]?.without, maskedText(text)];
  };
  for (const number of numbers)
    expect(await shown(`o numero ${number} e recusado`)).toEqual([
      "o numero (number) e recusado",
      "o numero ... e recusado",
      "o numero [number] e recusado",
    ]);
  for (const address of addresses)
    expect(await shown(`para ${address} nada`)).toEqual([
      "para (address) nada",
      "para ... nada",
      "para [address] nada",
    ]);
  const dated = "HTTP 429 on 2001-01-01 10:00:00, row 1234567";
  expect(await outbox.ask(`select talkme.hide_numbers('${dated}')`)).toBe(dated);
  expect(await outbox.ask("select talkme.hide_numbers('em 2001-01-01T10:00:00Z para 11988887777x')")).toBe(
    "em 2001-01-01T10:00:00Z para (number)x",
  );
});
