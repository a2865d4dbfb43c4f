import { describe, expect, test } from "vitest";
import { FaultRulesError, startSimulator, type FaultRule } from "../src/index.ts";
import { ApiClient } from "./api-client.ts";

const unavailable = { kind: "status", status: 503 } as const;

/** The statuses of these calls, made one after the other under one rule. */
async function statuses(
  match: FaultRule["match"],
  calls: readonly ((client: ApiClient) => ReturnType<ApiClient["insere"]>)[],
): Promise<number[]> {
  await using simulator = await startSimulator({ faults: [{ match, do: unavailable }] });
  await using client = new ApiClient(simulator);
  const answers: number[] = [];
  for (const call of calls) answers.push((await call(client)).status);
  return answers;
}

const insere = (numero: string) => (client: ApiClient) => client.insere({ num_dest: numero });

describe("a rule strikes only what it matches", () => {
  test.each<[string, FaultRule["match"]]>([
    ["numero", { numero: "1133332222" }],
    ["numero with its 55", { numero: "551133332222" }],
    ["one of several numbers", { numero: ["1122223333", "1133332222"] }],
    ["the end of the number", { numeroEndsWith: "222" }],
    ["idCampanha", { idCampanha: 77 }],
    ["idWpp", { idWpp: [8, 88] }],
    ["acao", { acao: "envio_whats_simples_v2" }],
    ["email", { email: "a@b.example" }],
  ])("%s, in a body", async (_what, match) => {
    const body = { numero_dest: "1133332222", id_campanha: 77, id_wpp: 88, email_dest: "a@b.example" };
    expect(await statuses(match, [(client) => client.insere(), (client) => client.envio(body)])).toEqual([
      200, 503,
    ]);
  });

  test.each<[string, FaultRule["match"]]>([
    ["numero", { numero: "1133332222" }],
    ["idCampanha", { idCampanha: 77 }],
    ["idWpp", { idWpp: 88 }],
    ["everything at once", { numero: "1133332222", idCampanha: 77, idWpp: 88, idCliente: "123" }],
  ])("%s, in a query", async (_what, match) => {
    const parameters = { num_dest: "551133332222", id_campanha: "77", id_wpp: "88" };
    expect(
      await statuses(match, [(client) => client.envio(), (client) => client.insere(parameters)]),
    ).toEqual([200, 503]);
  });

  test("all conditions must hold", async () => {
    expect(await statuses({ numero: "11988887777", idCampanha: 6 }, [(client) => client.insere()])).toEqual([
      200,
    ]);
  });

  test("nth counts all requests", async () => {
    const match = { nth: [2, 4], numero: "1133332222" };
    const calls = ["1133332222", "11988887777", "1133332222", "1133332222"].map(insere);
    expect(await statuses(match, calls)).toEqual([200, 200, 200, 503]);
  });

  test("every counts the requests that the other conditions select", async () => {
    const calls = ["1133332222", "11988887777", "1133332222", "1133332222", "1133332222"].map(insere);
    expect(await statuses({ every: 2, numero: "1133332222" }, calls)).toEqual([200, 200, 503, 200, 503]);
  });

  test("first: 2 strikes twice, and then a retry succeeds", async () => {
    const calls = ["1133332222", "11988887777", "1133332222", "1133332222"].map(insere);
    expect(await statuses({ first: 2, numero: "1133332222" }, calls)).toEqual([503, 200, 503, 200]);
  });

  test("firstPerRecipient: 1 strikes each recipient's first attempt, in either spelling of the number", async () => {
    const calls = ["1133332222", "11988887777", "551133332222", "11988887777"].map(insere);
    expect(await statuses({ firstPerRecipient: 1 }, calls)).toEqual([503, 503, 200, 200]);
  });
});

test("the first rule that matches answers, and those behind it are not counted", async () => {
  await using simulator = await startSimulator({
    faults: [
      { name: "maintenance", match: { first: 1 }, do: unavailable },
      { match: { first: 1 }, do: { kind: "status", status: 500 } },
    ],
  });
  await using client = new ApiClient(simulator);
  const answers = [await client.insere(), await client.insere(), await client.insere()];
  expect(answers.map(({ status }) => status)).toEqual([503, 500, 200]);
  expect(simulator.statistics().byAnswer).toEqual({ maintenance: 1, "status-500": 1, protocol: 1 });
});

/** The numbers that a rule with probability 0.3 strikes, asked all at once in this order. */
async function struck(seed: number, order: readonly string[]): Promise<ReadonlySet<string>> {
  await using simulator = await startSimulator({
    seed,
    faults: [{ match: { probability: 0.3 }, do: unavailable }],
  });
  await using client = new ApiClient(simulator);
  const answers = await Promise.all(
    order.map(async (numero) => [numero, await insere(numero)(client)] as const),
  );
  return new Set(answers.filter(([, { status }]) => status === 503).map(([numero]) => numero));
}

describe("chance", () => {
  const numbers = Array.from({ length: 200 }, (_, index) => `119${String(80_000_000 + index)}`);

  test("the same seed strikes the same messages in whatever order they arrive", async () => {
    const inOrder = await struck(42, numbers);
    expect(await struck(42, numbers.toReversed())).toEqual(inOrder);
    expect(await struck(43, numbers)).not.toEqual(inOrder);
  });

  test("a probability is roughly kept", async () => {
    const { size } = await struck(42, numbers);
    expect(size).toBeGreaterThan(35);
    expect(size).toBeLessThan(85);
  });

  test("each attempt of a message is drawn by itself, and reset starts them over", async () => {
    await using simulator = await startSimulator({
      faults: [{ match: { probability: 0.5 }, do: unavailable }],
    });
    await using client = new ApiClient(simulator);
    const twentyAttempts = async (): Promise<number[]> => {
      const answers: number[] = [];
      while (answers.length < 20) answers.push((await client.insere()).status);
      return answers;
    };
    const first = await twentyAttempts();
    expect(new Set(first)).toEqual(new Set([200, 503]));
    expect(await twentyAttempts()).not.toEqual(first);
    simulator.reset();
    expect(await twentyAttempts()).toEqual(first);
  });

  test.each([
    [0, 200],
    [1, 503],
  ])("probability %i always gives %i", async (probability, status) => {
    expect(await statuses({ probability }, numbers.slice(0, 5).map(insere))).toEqual(Array(5).fill(status));
  });
});

describe("setFaults", () => {
  test("replaces the rules, and their counts start at zero", async () => {
    await using simulator = await startSimulator();
    await using client = new ApiClient(simulator);
    const rules: FaultRule[] = [{ match: { first: 1 }, do: unavailable }];
    simulator.setFaults(rules);
    expect((await client.insere()).status).toBe(503);
    expect((await client.insere()).status).toBe(200);
    simulator.setFaults(rules);
    expect((await client.insere()).status).toBe(503);
    simulator.setFaults([]);
    expect((await client.insere()).status).toBe(200);
  });

  test("leaves the rules as they were if the new ones are wrong", async () => {
    await using simulator = await startSimulator({ faults: [{ do: unavailable }] });
    await using client = new ApiClient(simulator);
    expect(() => simulator.setFaults([{ do: { kind: "status", status: 200 } }])).toThrow(FaultRulesError);
    expect((await client.insere()).status).toBe(503);
  });
});
