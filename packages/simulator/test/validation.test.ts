import { describe, expect, test } from "vitest";
import { startSimulator, type SimulatorOptions } from "../src/index.ts";
import { ApiClient, scriptUrl } from "./api-client.ts";

type Call = (client: ApiClient) => ReturnType<ApiClient["insere"]>;

const wrongParameter = "no results or wrong parameter";

interface Outcome {
  readonly status: number;
  readonly text: string;
  readonly byAnswer: Readonly<Record<string, number>>;
  readonly accepted: number;
  /** Whether the developer was told why. */
  readonly hasReason: boolean;
}

/** What becomes of one call to a simulator of its own. */
async function outcome(call: Call, options: SimulatorOptions = {}): Promise<Outcome> {
  await using simulator = await startSimulator(options);
  await using client = new ApiClient(simulator);
  const { status, text, headers } = await call(client);
  const { accepted, byAnswer } = simulator.statistics();
  return {
    status,
    text,
    byAnswer,
    accepted,
    hasReason: /\w/.test(String(headers["x-simulator-reason"] ?? "")),
  };
}

/** Nobody gets the message, the answer is the vendor's, and the developer is told why. */
function refusal(status: number, text: string, code: string): Outcome {
  return { status, text, byAnswer: { [`refused:${code}`]: 1 }, accepted: 0, hasReason: true };
}

describe("credentials", () => {
  test.each<[string, Call]>([
    ["no token", (client) => client.insere({ token: null })],
    ["no id_cliente", (client) => client.insere({ id_cliente: null })],
    ["an empty token", (client) => client.envio({}, { token: "" })],
  ])("%s is a 401", async (_what, call) => {
    expect(await outcome(call)).toEqual(refusal(401, "unauthorized", "missing-credentials"));
  });

  test.each<[string, Call]>([
    ["a wrong token", (client) => client.insere({ token: "wrong" })],
    ["an unknown id_cliente", (client) => client.envio({}, { id_cliente: "999" })],
    ["the token of another account", (client) => client.insere({ id_cliente: "a", token: "of-b" })],
  ])("%s is a 403", async (_what, call) => {
    const accounts = [
      { idCliente: "a", token: "of-a" },
      { idCliente: "b", token: "of-b" },
    ];
    expect(await outcome(call, { accounts })).toEqual(refusal(403, "forbidden", "wrong-credentials"));
  });
});

describe("the request line", () => {
  test.each<[string, Call]>([
    [
      "POST for method 1",
      (client) => client.send("POST", scriptUrl({ ...valid, acao: "insere_whats_simples" }), "{}"),
    ],
    ["GET for method 2", (client) => client.insere({ acao: "envio_whats_simples_v2" })],
    ["PUT", (client) => client.send("PUT", scriptUrl({ ...valid, acao: "envio_whats_simples_v2" }), "{}")],
  ])("%s is a 405", async (_what, call) => {
    expect(await outcome(call)).toEqual(refusal(405, "method not allowed", "wrong-method"));
  });

  test.each(["/", "/other.php?acao=x", "/dbdial_webapi.php5"])("%s is not the script", async (path) => {
    const refused = refusal(404, "404 not found", "unknown-path");
    expect(await outcome((client) => client.send("GET", path))).toEqual(refused);
  });
});

const valid = { id_cliente: "123", token: "simulator-token" };

describe("wrong parameters are a 404 with the sibling scripts' words", () => {
  test.each<[string, string, Call]>([
    ["unknown-acao", "no acao", (client) => client.insere({ acao: null })],
    ["unknown-acao", "an unknown acao", (client) => client.insere({ acao: "insere_voz_simples" })],
    ["missing-recipient", "no num_dest", (client) => client.insere({ num_dest: null })],
    ["missing-recipient", "no numero_dest", (client) => client.envio({ numero_dest: undefined })],
    ["missing-recipient", "an empty numero_dest", (client) => client.envio({ numero_dest: "" })],
    ["missing-target", "neither campaign nor channel", (client) => client.insere({ id_campanha: null })],
    ["missing-target", "neither in the body", (client) => client.envio({ id_campanha: undefined })],
    ["wrong-type", "a campaign that is no number", (client) => client.insere({ id_campanha: "abc" })],
    ["wrong-type", "a channel of zero", (client) => client.insere({ id_wpp: "0" })],
    ["wrong-type", "a campaign as JSON string", (client) => client.envio({ id_campanha: "5" })],
    ["wrong-type", "a fractional channel", (client) => client.envio({ id_wpp: 1.5 })],
    ["wrong-type", "a null campaign", (client) => client.envio({ id_campanha: null, id_wpp: 1 })],
    ["wrong-type", "a number as JSON number", (client) => client.envio({ numero_dest: 11_988_887_777 })],
    ["wrong-type", "a text that is none", (client) => client.envio({ txtmsg: 1 })],
    ["wrong-type", "a subject that is none", (client) => client.envio({ assunto: [] })],
    ["wrong-type", "info_contato as a list", (client) => client.envio({ info_contato: [] })],
    ["wrong-type", "info_contato as null", (client) => client.envio({ info_contato: null })],
    [
      "wrong-type",
      "a variable that is no string",
      (client) => client.envio({ info_contato: { geral1: 10 } }),
    ],
    ["unknown-field", "an unknown field", (client) => client.envio({ num_dest: "11988887777" })],
    ["unknown-variable", "an unknown variable", (client) => client.envio({ info_contato: { geral6: "x" } })],
    [
      "unknown-variable",
      "a variable named __proto__",
      (client) =>
        client.envioRaw('{"numero_dest":"11988887777","id_campanha":5,"info_contato":{"__proto__":"x"}}'),
    ],
    ["invalid-variable", "a newline", (client) => client.envio({ info_contato: { geral1: "a\nb" } })],
    ["invalid-variable", "a tab", (client) => client.envio({ info_contato: { geral1: "a\tb" } })],
    ["invalid-variable", "five spaces", (client) => client.envio({ info_contato: { geral1: "a     b" } })],
    [
      "conflicting-spellings",
      "two spellings that differ",
      (client) => client.envio({ info_contato: { endereco: "Rua A", endereço: "Rua B" } }),
    ],
    [
      "invalid-number",
      "a number with punctuation",
      (client) => client.insere({ num_dest: "(11) 98888-7777" }),
    ],
    ["invalid-number", "a number under no DDD", (client) => client.envio({ numero_dest: "2098888777" })],
    ["invalid-email", "an e-mail address that is none", (client) => client.envio({ email_dest: "a@b" })],
    ["not-json", "a body that is not JSON", (client) => client.envioRaw("numero_dest=1")],
    ["not-json", "an empty body", (client) => client.envioRaw("")],
    ["not-json", "a JSON list", (client) => client.envioRaw("[]")],
    ["not-json", "JSON in Latin-1", (client) => client.envioRaw(Buffer.from('{"txtmsg":"olá"}', "latin1"))],
  ])("%s: %s", async (code, _what, call) => {
    expect(await outcome(call)).toEqual(refusal(404, wrongParameter, code));
  });

  test("four spaces in a row, and spaces in two places, are allowed", async () => {
    await using simulator = await startSimulator();
    await using client = new ApiClient(simulator);
    expect((await client.envio({ info_contato: { geral1: "a    b    c" } })).status).toBe(200);
  });
});

test("a body over 1 MiB is a 413", async () => {
  const body = `{"txtmsg":"${"x".repeat(1_048_576)}"}`;
  const refused = refusal(413, "payload too large", "body-too-large");
  expect(await outcome((client) => client.envioRaw(body))).toEqual(refused);
});

describe("campaigns", () => {
  const options: SimulatorOptions = {
    campaigns: [
      { idCampanha: 5, requiredVariables: ["nome", "geral1"] },
      { idCampanha: 6, active: false },
      { idCampanha: 7, requiredVariables: ["documento"] },
    ],
  };

  test.each<[string, string, Call]>([
    ["unknown-campaign", "one that is not configured", (client) => client.insere({ id_campanha: "8" })],
    ["inactive-campaign", "one that is not active", (client) => client.insere({ id_campanha: "6" })],
    ["missing-variable", "a variable short", (client) => client.envio({ info_contato: { nome: "Fulano" } })],
    [
      "missing-variable",
      "a blank variable",
      (client) => client.envio({ info_contato: { nome: "Fulano", geral1: " " } }),
    ],
    ["missing-variable", "variables needed, and method 1", (client) => client.insere()],
    [
      "missing-variable",
      "no documento and no number in its place",
      (client) => client.envio({ numero_dest: undefined, email_dest: "a@b.example", id_campanha: 7 }),
    ],
  ])("%s: %s", async (code, _what, call) => {
    expect(await outcome(call, options)).toEqual(refusal(404, wrongParameter, code));
  });

  test("what is complete is accepted, the number standing in for documento", async () => {
    await using simulator = await startSimulator(options);
    await using client = new ApiClient(simulator);
    expect((await client.envio({ info_contato: { nome: "Fulano", geral1: "x" } })).status).toBe(200);
    expect((await client.envio({ id_campanha: 7 })).status).toBe(200);
    expect((await client.insere({ id_campanha: null, id_wpp: "9" })).status).toBe(200);
  });
});

test.each<[string, SimulatorOptions, RegExp]>([
  [
    "a required variable that does not exist",
    { campaigns: [{ idCampanha: 5, requiredVariables: ["geral6"] }] },
    /geral6/,
  ],
  ["no account at all", { accounts: [] }, /account/],
  [
    "two accounts of one id",
    {
      accounts: [
        { idCliente: "1", token: "a" },
        { idCliente: "1", token: "b" },
      ],
    },
    /same idCliente/,
  ],
])("does not start with %s", async (_what, options, message) => {
  await expect(startSimulator(options)).rejects.toThrow(message);
});
