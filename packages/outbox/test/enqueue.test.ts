import { InvalidMessageError } from "@talkme/core";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { enqueue, enqueueOnce } from "../src/index.ts";
import { TestOutbox } from "./support/outbox.ts";

const message = { idCampanha: 123456, numeroDest: "11988887777", infoContato: { nome: "Fulano de tal" } };

test("a message enqueued in a transaction exists if and only if the transaction commits", async () => {
  const outbox = await TestOutbox.open();

  const kept = await outbox.db.transaction().execute((transaction) => enqueue(transaction, message));
  await outbox.db
    .transaction()
    .execute(async (transaction) => {
      await enqueue(transaction, message);
      throw new Error("The producer changes its mind.");
    })
    .catch(() => "rolled back");

  expect(await outbox.ask("select string_agg(id::text, ',') from talkme.outbox")).toBe(kept);
});

test("a plain pg client enqueues in its own transaction too", async () => {
  const outbox = await TestOutbox.open();
  const client = new Client({ connectionString: outbox.url });
  await client.connect();
  onTestFinished(() => client.end());

  await client.query("begin");
  const id = await enqueue(client, message);
  expect(await outbox.ask("select count(*) from talkme.outbox")).toBe("0");
  await client.query("commit");

  expect(await outbox.row(id)).toMatchObject({
    id_campanha: "123456",
    info_contato: { nome: "Fulano de tal" },
  });
});

test("every option of the outbox reaches its column", async () => {
  const outbox = await TestOutbox.open();
  const sendAt = new Date("2030-01-01T12:00:00Z");
  const expiresAt = new Date("2030-01-02T12:00:00Z");

  const id = await enqueue(outbox.db, {
    idWpp: 9,
    numeroDest: "11988887777",
    emailDest: "fulano@example.com",
    txtmsg: "Olá",
    assunto: "Alerta",
    infoContato: { nome: "Fulano", pais: "BR" },
    account: "vendas",
    priority: -1,
    sendAt,
    expiresAt,
    dedupeKey: "order 42",
    maxAttempts: 3,
    onUnknown: "resend",
    metadata: { order: 42 },
  });

  expect(await outbox.row(id)).toMatchObject({
    id_wpp: "9",
    id_campanha: null,
    numero_dest: "11988887777",
    email_dest: "fulano@example.com",
    txtmsg: "Olá",
    assunto: "Alerta",
    info_contato: { nome: "Fulano", pais: "BR" },
    account: "vendas",
    priority: -1,
    send_at: sendAt,
    expires_at: expiresAt,
    dedupe_key: "order 42",
    max_attempts: 3,
    on_unknown: "resend",
    metadata: { order: 42 },
  });
});

test("a message that could never be sent is refused before any query, so the transaction goes on", async () => {
  const outbox = await TestOutbox.open();

  await outbox.db.transaction().execute(async (transaction) => {
    await expect(enqueue(transaction, { numeroDest: "11988887777" })).rejects.toThrow(InvalidMessageError);
    await enqueue(transaction, message);
  });

  expect(await outbox.ask("select count(*) from talkme.outbox")).toBe("1");
});

test.each([
  ["a long txtmsg", { txtmsg: "x".repeat(4097) }],
  ["a NUL in txtmsg", { txtmsg: "a\0b" }],
  ["a line break in assunto", { assunto: "a\nb" }],
  ["assunto for the method without", { assunto: "Alerta", infoContato: undefined }],
  ["a long variable", { infoContato: { nome: "x".repeat(1025) } }],
  ["a control character in a variable", { infoContato: { nome: "a\u000bb" } }],
  ["no name of an account", { account: "Vendas" }],
  ["no attempts", { maxAttempts: 0 }],
  ["an empty dedupeKey", { dedupeKey: "" }],
  ["an expiry in the past", { expiresAt: new Date("2001-01-01") }],
  ["a date that is none", { sendAt: new Date(Number.NaN) }],
  ["a NUL in metadata", { metadata: { a: "\0" } }],
])("what a constraint would refuse is refused before the database is asked: %s", async (_, changes) => {
  const outbox = await TestOutbox.open();
  await outbox.db.transaction().execute(async (transaction) => {
    // In JavaScript, a message may hold an undefined.
    const refused = Object.fromEntries(
      Object.entries({ ...message, ...changes }).filter(([, value]) => value !== undefined),
    );
    await expect(enqueue(transaction, refused)).rejects.toThrow(InvalidMessageError);
    await enqueue(transaction, message);
  });
  expect(await outbox.ask("select count(*) from talkme.outbox")).toBe("1");
});

test.each([
  ["+55 (11) 98888\u20117777", "11988887777"],
  ["+1 415 555 2671", "+14155552671"],
])("a number may be written as people write it: %s", async (numeroDest, stored) => {
  const outbox = await TestOutbox.open();
  const id = await enqueue(outbox.db, { ...message, numeroDest });
  expect(await outbox.row(id)).toMatchObject({ numero_dest: stored });
});

test("a second message with the same dedupeKey fails, or is skipped on request", async () => {
  const outbox = await TestOutbox.open();
  const once = { ...message, dedupeKey: "order 42" };

  expect(await enqueueOnce(outbox.db, once)).toMatch(/^\d+$/);
  expect(await enqueueOnce(outbox.db, once)).toBeNull();
  await expect(enqueue(outbox.db, once)).rejects.toMatchObject({ code: "23505" });
});
