import { strict as assert } from "node:assert";

import { TalkmeClient, TalkmeError, type Message } from "@talkme/core";
import { enqueue, printPending, type OutboxDatabase } from "@talkme/outbox";
import { startSimulator } from "@talkme/simulator";
import type { Kysely } from "kysely";
import { Agent, ProxyAgent } from "undici";

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

// Another undici than the client's, as a program has that came to it first.
const agent = new Agent();
await using shared = new TalkmeClient({
  idCliente: 123,
  token: "simulator-token",
  baseUrl: simulator.url,
  dispatcher: agent,
});
await shared.send(message);
assert.equal(simulator.ledger.size, 2);
await agent.close();

export const proxied = (): TalkmeClient =>
  new TalkmeClient({ dispatcher: new ProxyAgent("http://proxy:3128") });

// What is compiled alone: it needs a database.
export async function order(db: Kysely<OutboxDatabase>): Promise<string> {
  return enqueue(db, message);
}
assert.equal(typeof printPending, "function");
