import { messageSchema, normalizePhone, recipientOf } from "@talkme/core";
import * as fc from "fast-check";
import { sql } from "kysely";
import { expect, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";
import { writtenNumber, type NumberingPlans } from "./support/written-numbers.ts";

const sample = { numRuns: 40_000, seed: 14 };

async function keysOf(outbox: TestOutbox, texts: readonly string[]): Promise<readonly (string | null)[]> {
  const { rows } = await sql<{ key: string | null }>`
    select talkme.number_key(written) as key
    from unnest(${texts}::text[]) with ordinality as n (written, place) order by place
  `.execute(outbox.db);
  return rows.map(({ key }) => key);
}

test("the database and the client read each of 40,000 number spellings as the same person, or nothing is sent", async () => {
  const outbox = await TestOutbox.open();
  const { rows } = await sql<{ plans: NumberingPlans }>`select talkme.numbering_plans() as plans`.execute(
    outbox.db,
  );
  const texts = fc.sample(writtenNumber(rows[0]?.plans ?? {}), sample);
  const keys = await keysOf(outbox, texts);

  const differences: unknown[] = [];
  const read = { brazilian: 0, foreign: 0, refused: 0 };
  for (const [index, text] of texts.entries()) {
    const key = keys[index] ?? null;
    const result = normalizePhone(text);
    if (result.ok && key !== result.e164Digits) differences.push([text, result.e164Digits, key]);
    // The client checks foreign numbers more closely, and Brazilian ones alike.
    if (!result.ok && key?.startsWith("55") === true) differences.push([text, null, key]);
    if (!result.ok) read.refused += 1;
    else read[result.country === "BR" ? "brazilian" : "foreign"] += 1;
  }
  expect(differences).toEqual([]);
  for (const count of Object.values(read)) expect(count).toBeGreaterThan(1000);
});

test("a row's recipient is the key of its number, for every area code, length and third digit", async () => {
  const outbox = await TestOutbox.open();
  const { rows } = await sql<{ written: string; recipient: string; key: string }>`
    select written, talkme.recipient_of_row(written, null, null) as recipient, talkme.number_key(written) as key
    from generate_series(0, 99) as ddd, generate_series(0, 9) as third, unnest('{7,8,9}'::integer[]) as more,
      unnest('{"",x," "}'::text[]) as rest
    cross join lateral (select lpad(ddd::text, 2, '0') || third || left('876543210', more - 1) || rest as written) as number
  `.execute(outbox.db);
  expect(rows).toHaveLength(9000);
  expect(rows.filter(({ recipient, key }) => recipient !== key)).toEqual([]);
  expect(rows.filter(({ written, key }) => key === `55${written}`).length).toBeGreaterThan(67);
});

const addresses = [
  ..."Fulano@Example.COM| a@b.com |\u00a0a@b.com\n|a+tag@b.com|a.b@c.d.e|A@B|o'neil@x.ie|a@b.com.|a@b..com|@b.com|a@".split(
    "|",
  ),
  ...'"X" <a@b.com>|X<a@b.com>|a@b.com,c@d.com|a@b.com;c@d.com|mailto:a@b.com|josé@b.com|a@exämple.com|a@b@c'.split(
    "|",
  ),
  ..."ａ@b.com|İ@b.com|K@b.com|a\u200b@b.com|a@b.com\u200b|\ufeffa@b.com|| |\u00a0|a b@c.com|a@b c".split(
    "|",
  ),
  `${"a".repeat(250)}@b.co`,
  `${"a".repeat(249)}@b.co`,
];

test("the database and the client read addresses as the same person, or nothing is sent", async () => {
  const outbox = await TestOutbox.open();
  const { rows } = await sql<{ written: string; key: string | null }>`
    select written, talkme.address_key(written) as key from unnest(${addresses}::text[]) as written
  `.execute(outbox.db);
  const differences = rows.filter(({ written, key }) => {
    const parsed = messageSchema.safeParse({ emailDest: written, idCampanha: 1 });
    return parsed.success ? key !== recipientOf(parsed.data) : key !== null && !key.startsWith("?");
  });
  expect(differences).toEqual([]);
  expect(rows.filter(({ key }) => key !== null && !key.startsWith("?"))).toHaveLength(10);
});

test("a message with number and address is for both, under the client's names", async () => {
  const outbox = await TestOutbox.open();
  const { data } = messageSchema.safeParse({ numeroDest: "1188887777", emailDest: "A@b.com", idCampanha: 1 });
  expect(await outbox.ask("select talkme.recipient_of('1188887777', 'A@b.com')")).toBe(
    data && recipientOf(data),
  );
});
