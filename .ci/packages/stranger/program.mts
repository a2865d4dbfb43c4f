import { strict as assert } from "node:assert";

import { TalkmeClient, TalkmeError, type Message } from "@talkme/core";
import { enqueue, printPending, type OutboxDatabase } from "@talkme/outbox";
import { startSimulator } from "@talkme/simulator";
import type { Kysely } from "kysely";

const message: Message = { numeroDest: "11988887777", idCampanha: 5, infoContato: { nome: "Fulano de tal" } };

await using simulator = await startSimulator({
  faults: [{ match: { first: 1 }, do: { kind: "status", status: 503 } }],
});
await using client = new TalkmeClient({
  idCliente: 123,
  token: "simulator-token",
  baseUrl: simulator.url,
});

const refused: unknown = await client.send(message).catch((error: unknown) => error);
assert(refused instanceof TalkmeError);
assert.equal(refused.outcome, "not_sent");
const { reference } = await client.send(message);
assert.equal(simulator.ledger.size, 1);
assert.notEqual(reference, null);

// What is compiled alone: it needs a database.
export async function order(db: Kysely<OutboxDatabase>): Promise<string> {
  return enqueue(db, message);
}
assert.equal(typeof printPending, "function");
