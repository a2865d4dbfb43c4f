import { describe, expect, test } from "vitest";
import { startSimulator } from "../src/index.ts";
import { ApiClient } from "./api-client.ts";

const admin = "/__simulator/";

async function json(answer: Promise<{ text: string }>): Promise<unknown> {
  return JSON.parse((await answer).text);
}

describe("GET ledger", () => {
  test("filters by number, with or without 55, and by campaign", async () => {
    await using simulator = await startSimulator();
    await using client = new ApiClient(simulator);
    await client.insere({ num_dest: "1133332222" });
    await client.insere({ num_dest: "551133332222", id_campanha: "6" });
    await client.insere({ id_campanha: "6" });
    expect(await json(client.send("GET", `${admin}ledger?numero=1133332222`))).toMatchObject({
      size: 3,
      entries: [{ seq: 1 }, { seq: 2 }],
      next: null,
    });
    expect(await json(client.send("GET", `${admin}ledger?idCampanha=6&numero=551133332222`))).toMatchObject({
      entries: [{ seq: 2, numeroDest: "551133332222", answered: "protocol" }],
    });
  });

  test("pages by seq: `next` is the next `after`, and null at the end", async () => {
    await using simulator = await startSimulator();
    await using client = new ApiClient(simulator);
    for (let times = 0; times < 4; times++) await client.insere();
    const page = (parameters: string) => json(client.send("GET", `${admin}ledger?limit=2${parameters}`));
    expect(await page("")).toMatchObject({ entries: [{ seq: 1 }, { seq: 2 }], next: 2 });
    expect(await page("&after=2")).toMatchObject({ entries: [{ seq: 3 }, { seq: 4 }], next: null });
  });

  test.each(["limit=0", "after=x", "numero=abc", "numbr=1"])("refuses %s", async (query) => {
    await using simulator = await startSimulator();
    await using client = new ApiClient(simulator);
    const answer = await client.send("GET", `${admin}ledger?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(query.split("=")[0]);
  });

  test("is a 409 where the ledger is not kept", async () => {
    await using simulator = await startSimulator({ keepLedger: false });
    await using client = new ApiClient(simulator);
    expect((await client.send("GET", `${admin}ledger`)).status).toBe(409);
  });
});

test("GET stats counts requests by answer, and the admin's own not at all", async () => {
  await using simulator = await startSimulator();
  await using client = new ApiClient(simulator);
  await client.insere();
  await client.insere();
  await client.insere({ num_dest: "1133332222" });
  for (let times = 0; times < 4; times++) await client.insere({ acao: "x" });
  const expected = {
    requests: 7,
    accepted: 3,
    distinctNumbers: 2,
    duplicates: 1,
    byAnswer: { protocol: 3, "refused:unknown-acao": 3, "refused:token-locked": 1 },
    lockedAccounts: ["123"],
  };
  await client.send("GET", `${admin}health`);
  expect(await json(client.send("GET", `${admin}stats`))).toEqual(expected);
  expect(simulator.statistics()).toEqual(expected);
  expect(simulator.requests).toBe(7);
});

test("stats do not call unknown what is zero where the ledger is not kept", async () => {
  await using simulator = await startSimulator({ keepLedger: false });
  await using client = new ApiClient(simulator);
  await client.insere();
  expect(simulator.statistics()).toMatchObject({ accepted: 1, distinctNumbers: null, duplicates: null });
});

test("GET health is a 200", async () => {
  await using simulator = await startSimulator();
  await using client = new ApiClient(simulator);
  expect(await client.send("GET", `${admin}health`)).toMatchObject({ status: 200, text: '{"status":"ok"}' });
});

describe("PUT faults", () => {
  test("puts rules in force", async () => {
    await using simulator = await startSimulator();
    await using client = new ApiClient(simulator);
    const rules = JSON.stringify({ faults: [{ do: { kind: "status", status: 503 } }] });
    expect((await client.send("PUT", `${admin}faults`, rules)).status).toBe(200);
    expect((await client.insere()).status).toBe(503);
  });

  test.each([
    ["what is not JSON", "{", /not JSON/],
    ["wrong rules", '[{"do":{"kind":"explode"}}]', /\[0\]\.do\.kind/],
  ])("refuses %s, and leaves the old rules in force", async (_what, body, message) => {
    await using simulator = await startSimulator({ faults: [{ do: { kind: "status", status: 503 } }] });
    await using client = new ApiClient(simulator);
    const answer = await client.send("PUT", `${admin}faults`, body);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(message);
    expect((await client.insere()).status).toBe(503);
  });
});

test("POST unlock unlocks, and keeps the ledger", async () => {
  await using simulator = await startSimulator({ lockAfterConsecutiveNotFound: 1 });
  await using client = new ApiClient(simulator);
  await client.insere();
  await client.insere({ acao: "x" });
  await client.send("POST", `${admin}unlock`);
  expect((await client.insere()).status).toBe(200);
  expect(simulator.ledger.size).toBe(2);
});

test("POST reset forgets everything but the rules, whose counts start over", async () => {
  await using simulator = await startSimulator({
    lockAfterConsecutiveNotFound: 1,
    faults: [{ match: { first: 1 }, do: { kind: "status", status: 503 } }],
  });
  await using client = new ApiClient(simulator);
  await client.insere();
  await client.insere();
  await client.insere({ acao: "x" });
  expect((await client.send("POST", `${admin}reset`)).status).toBe(200);
  expect(simulator.statistics()).toEqual({
    requests: 0,
    accepted: 0,
    distinctNumbers: 0,
    duplicates: 0,
    byAnswer: {},
    lockedAccounts: [],
  });
  expect((await client.insere()).status).toBe(503);
  expect((await client.insere()).status).toBe(200);
  expect(simulator.ledger.entries()).toMatchObject([{ seq: 1 }]);
});

test.each([
  ["POST", "ledger", "GET"],
  ["GET", "faults", "PUT"],
  ["GET", "reset", "POST"],
  ["GET", "unlock", "POST"],
] as const)("%s %s is a 405 that allows %s", async (method, path, allowed) => {
  await using simulator = await startSimulator();
  await using client = new ApiClient(simulator);
  const answer = await client.send(method, admin + path);
  expect(answer.status).toBe(405);
  expect(answer.headers["allow"]).toBe(allowed);
});

test("an unknown admin path is a 404 that names those there are", async () => {
  await using simulator = await startSimulator();
  await using client = new ApiClient(simulator);
  const answer = await client.send("GET", `${admin}legder`);
  expect(answer).toMatchObject({ status: 404, text: expect.stringContaining("ledger") });
});
