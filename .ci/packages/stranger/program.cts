import core = require("@talkme/core");
import outbox = require("@talkme/outbox");
import simulator = require("@talkme/simulator");
import assert = require("node:assert");

async function main(): Promise<void> {
  const api = await simulator.startSimulator();
  const client = new core.TalkmeClient({ idCliente: 123, token: "simulator-token", baseUrl: api.url });
  const message: core.Message = { numeroDest: "11988887777", idCampanha: 5 };
  const { outcome } = await client.send(message);
  assert.equal(outcome, "accepted");
  assert.equal(api.ledger.size, 1);
  assert.equal(typeof outbox.enqueue, "function");
  await client.close();
  await api.close();
}

void main();
