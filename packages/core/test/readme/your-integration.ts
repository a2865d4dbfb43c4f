import assert from "node:assert/strict";
import { test } from "node:test";

import { TalkmeClient, TalkmeError } from "@talkme/core";
import { defaultIdCliente, defaultToken, startSimulator, type Fault } from "@talkme/simulator";

/** What is tested: replace it by your own. Says whether the person has to be called instead. */
async function remind(client: TalkmeClient, numeroDest: string): Promise<boolean> {
  try {
    await client.send({ numeroDest, idCampanha: 5, infoContato: { nome: "Fulano de tal" } });
    return false;
  } catch (error) {
    return error instanceof TalkmeError && error.outcome === "rejected";
  }
}

/** Runs it against an API with a fault: what it says, and how many messages the person got. */
async function remindDespite(fault: Fault): Promise<readonly [mustCall: boolean, messages: number]> {
  await using simulator = await startSimulator({
    campaigns: [{ idCampanha: 5, requiredVariables: ["nome"] }],
    faults: [{ match: { first: 1 }, do: fault }],
  });
  const account = { idCliente: defaultIdCliente, token: defaultToken };
  await using client = new TalkmeClient({ ...account, baseUrl: simulator.url });
  const mustCall = await remind(client, "11988887777");
  return [mustCall, simulator.ledger.size];
}

await test("a person is called if Talk.me refuses the message", async () => {
  assert.deepEqual(await remindDespite({ kind: "failure", shape: "json-error" }), [true, 0]);
});

await test("a lost answer neither messages a person twice nor has them called", async () => {
  assert.deepEqual(await remindDespite({ kind: "drop", when: "after" }), [false, 1]);
});
