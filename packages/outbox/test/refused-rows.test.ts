import { Client, DatabaseError } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";

async function open(): Promise<{ outbox: TestOutbox; client: Client }> {
  const outbox = await TestOutbox.open();
  const client = new Client({ connectionString: outbox.url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(`
    create table staging as
    select i as line, case when i = 17 then '20988887777' else '119' || (70000000 + i) end as phone, 'invoice ' || i as key
    from generate_series(1, 40) as i`);
  return { outbox, client };
}

/** The detail of a refusal; fails if there is none. */
async function detailOf(query: Promise<unknown>): Promise<string> {
  const error: unknown = await query.catch((reason: unknown) => reason);
  if (!(error instanceof DatabaseError) || error.detail === undefined) throw error;
  return error.detail;
}

const fromStaging = "insert into talkme.outbox (numero_dest, id_campanha, dedupe_key)";
const everyRow = `${fromStaging} select phone, 1, key from staging order by line`;

test("the refusal of a set names the row by its number and key", async () => {
  const { client } = await open();
  const named = "Row 17 of this statement, with the dedupe_key 'invoice 17'.";
  expect(await detailOf(client.query(everyRow))).toBe(named);
  // Rows that were skipped are rows of the set, too.
  await client.query(`${fromStaging} select phone, 1, key from staging where line < 9`);
  expect(await detailOf(client.query(`${everyRow} on conflict do nothing`))).toBe(named);
  expect(
    await detailOf(client.query("insert into talkme.outbox (numero_dest, id_campanha) values ('x', 1)")),
  ).toBe("Row 1 of this statement.");
});

test("the refusal of a row by its campaign names it, too, and that of an update names its id", async () => {
  const { outbox, client } = await open();
  await client.query("insert into talkme.campaign (id_campanha, name, active) values (5, 'Natal', false)");
  expect(
    await detailOf(
      client.query(
        `${fromStaging} select phone, case when line = 9 then 5 else 1 end, key from staging where line < 17 order by line`,
      ),
    ),
  ).toBe("Row 9 of this statement, with the dedupe_key 'invoice 9'.");
  const [id] = await outbox.insertDue(1);
  expect(await detailOf(client.query("update talkme.outbox set numero_dest = '20988887777'"))).toBe(
    `It is row ${id}.`,
  );
});

test("several statements of a transaction number their rows apart, and enqueue in a loop its messages", async () => {
  const { client } = await open();
  await client.query("begin");
  await client.query(`${fromStaging} select phone, 1, key from staging where line <= 5`);
  await client.query("savepoint before");
  expect(
    await detailOf(
      client.query(`${fromStaging} select phone, 1, key from staging where line > 5 order by line`),
    ),
  ).toBe("Row 12 of this statement, message 17 of this transaction, with the dedupe_key 'invoice 17'.");
  await client.query("rollback to before");
  expect(
    await detailOf(
      client.query(
        "select talkme.enqueue(phone, 1, dedupe_key => key) from (select * from staging where line > 5 order by line) as s",
      ),
    ),
  ).toBe("Row 1 of this statement, message 17 of this transaction, with the dedupe_key 'invoice 17'.");
  await client.query("rollback");
  expect(await detailOf(client.query(everyRow))).toMatch(/^Row 17 of this statement, with/);
});

test.each([
  ["'to 20988887777'", null],
  ["'FULANO DE TAL 1'", null],
  ["'cpf 123.456.789-09'", null],
  ["'fulano@b.com'", null],
  ["'invoice 1234567890'", "invoice 1234567890"],
])("a key that repeats what the message says of a person is not shown: %s", async (key, shown) => {
  const { client } = await open();
  const detail = await detailOf(
    client.query(`
      insert into talkme.outbox (numero_dest, email_dest, id_campanha, info_contato, dedupe_key)
      values ('20 98888-7777', 'fulano@b.com', 1, '{"nome":"Fulano de tal","documento":"12345678909"}', ${key})`),
  );
  expect(detail).toContain(
    shown === null
      ? "with a dedupe_key that repeats what the message says of a person and is not shown"
      : `'${shown}'`,
  );
  expect(detail).not.toMatch(/8888|fulano|123\.456/i);
});
