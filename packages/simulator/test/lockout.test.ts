import { expect, test } from "vitest";
import { startSimulator, type Fault } from "../src/index.ts";
import { ApiClient } from "./api-client.ts";

const wrong = { num_dest: "1" };

test("three consecutive 404s lock the token, for requests of both methods, until unlocked", async () => {
  await using simulator = await startSimulator();
  await using client = new ApiClient(simulator);
  for (let times = 0; times < 3; times++) expect((await client.insere(wrong)).status).toBe(404);
  expect(await client.insere()).toMatchObject({ status: 403, text: "token bloqueado" });
  expect(await client.envio()).toMatchObject({ status: 403, text: "token bloqueado" });
  expect(simulator.ledger.size).toBe(0);
  expect(simulator.statistics().lockedAccounts).toEqual(["123"]);
  simulator.unlock();
  expect((await client.insere()).status).toBe(200);
});

test("of many concurrent wrong requests exactly three are a 404", async () => {
  await using simulator = await startSimulator({
    faults: [{ do: { kind: "latency", ms: 1, jitterMs: 20 } }],
  });
  await using client = new ApiClient(simulator);
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.insere(wrong)));
  expect(answers.filter(({ status }) => status === 404)).toHaveLength(3);
  expect(answers.filter(({ status }) => status === 403)).toHaveLength(47);
});

test("an accepted message breaks the run", async () => {
  await using simulator = await startSimulator();
  await using client = new ApiClient(simulator);
  for (let times = 0; times < 4; times++) {
    await client.insere(wrong);
    await client.insere(wrong);
    expect((await client.insere()).status).toBe(200);
  }
});

test("an accepted message whose answer was lost breaks the run; a connection lost before does not", async () => {
  await using simulator = await startSimulator();
  await using client = new ApiClient(simulator);
  const loseOne = async (when: "after" | "before"): Promise<void> => {
    simulator.setFaults([{ do: { kind: "drop", when } }]);
    await expect(client.insere()).rejects.toThrow(/closed/);
    simulator.setFaults([]);
  };
  await client.insere(wrong);
  await client.insere(wrong);
  await loseOne("after");
  await client.insere(wrong);
  await client.insere(wrong);
  await loseOne("before");
  expect((await client.insere(wrong)).status).toBe(404);
  expect((await client.insere()).status).toBe(403);
});

test.each<Fault>([
  { kind: "failure", shape: "not-found" },
  { kind: "failure", shape: "not-found-text" },
  { kind: "failure", shape: "wrong-parameter-text" },
  { kind: "status", status: 404, body: "whatever" },
])("%j counts as a 404, and a locked token is answered 403 whatever the rules say", async (fault) => {
  await using simulator = await startSimulator({ faults: [{ do: fault }] });
  await using client = new ApiClient(simulator);
  for (let times = 0; times < 3; times++) await client.insere();
  expect((await client.insere()).text).toBe("token bloqueado");
});

test("accounts are locked one by one, and wrong credentials lock nobody", async () => {
  await using simulator = await startSimulator({
    accounts: [
      { idCliente: "a", token: "of-a" },
      { idCliente: "b", token: "of-b" },
    ],
  });
  await using client = new ApiClient(simulator);
  for (let times = 0; times < 4; times++) {
    await client.insere({ id_cliente: "a", token: "of-a", ...wrong });
    await client.insere({ id_cliente: "b", token: "of-a", ...wrong });
  }
  expect((await client.insere({ id_cliente: "a", token: "of-a" })).status).toBe(403);
  expect((await client.insere({ id_cliente: "b", token: "of-b" })).status).toBe(200);
});

test("lockAfterConsecutiveNotFound: 0 never locks, and 1 locks at once", async () => {
  await using never = await startSimulator({ lockAfterConsecutiveNotFound: 0 });
  await using neverClient = new ApiClient(never);
  for (let times = 0; times < 10; times++) expect((await neverClient.insere(wrong)).status).toBe(404);

  await using atOnce = await startSimulator({ lockAfterConsecutiveNotFound: 1 });
  await using atOnceClient = new ApiClient(atOnce);
  await atOnceClient.insere(wrong);
  expect((await atOnceClient.insere(wrong)).status).toBe(403);
});
