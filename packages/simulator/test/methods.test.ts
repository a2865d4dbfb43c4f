import { describe, expect, test } from "vitest";
import { startSimulator, type SuccessShape } from "../src/index.ts";
import { ApiClient } from "./api-client.ts";

describe("method 1", () => {
  test("accepts the vendor's own example and answers a bare protocol number", async () => {
    await using simulator = await startSimulator({
      accounts: [{ idCliente: "123", token: "XJS83HAUQORDIGHA82" }],
    });
    await using client = new ApiClient(simulator);
    const answer = await client.send(
      "GET",
      "/dbdial_webapi.php?acao=insere_whats_simples&id_cliente=123&id_wpp=123&token=XJS83HAUQORDIGHA82" +
        "&num_dest=11988887777&txtmsg=teste&id_campanha=12345",
    );
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/^\d{12,}$/);
    expect(simulator.ledger.entries()).toEqual([
      {
        seq: 1,
        receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        acao: "insere_whats_simples",
        idCliente: "123",
        numeroDest: "11988887777",
        emailDest: null,
        idCampanha: 12_345,
        idWpp: 123,
        txtmsg: "teste",
        assunto: null,
        infoContato: null,
        reference: answer.text,
        answered: "protocol",
      },
    ]);
  });

  test.each([
    ["a campaign alone", { id_campanha: "5", id_wpp: null }],
    ["a channel alone", { id_campanha: null, id_wpp: "9" }],
    ["an international number", { num_dest: "5511988887777" }],
    ["text with accents and spaces", { txtmsg: "olá, você" }],
  ])("accepts %s", async (_what, parameters) => {
    await using simulator = await startSimulator();
    await using client = new ApiClient(simulator);
    expect((await client.insere(parameters)).status).toBe(200);
    expect(simulator.ledger.size).toBe(1);
  });

  test("takes the last of a repeated parameter, as PHP does", async () => {
    await using simulator = await startSimulator();
    await using client = new ApiClient(simulator);
    await client.send(
      "GET",
      "/dbdial_webapi.php?acao=insere_whats_simples&id_cliente=123&token=simulator-token" +
        "&num_dest=bad&num_dest=1133332222&id_wpp=9",
    );
    expect(simulator.ledger.entries()[0]?.numeroDest).toBe("1133332222");
  });
});

describe("method 2", () => {
  const example = {
    txtmsg: "Texto da mensagem",
    id_wpp: 1234,
    email_dest: "email@email.com.br",
    numero_dest: "1133332222",
    id_campanha: 123_456,
    assunto: "Alerta",
    info_contato: { nome: "Fulano de tal", telefone2: "", endereço: "Rua A", país: "BR", geral1: "R$ 10,00" },
  };

  test.each(["envio_whats_simples_v2", "envio_simples_whats_v2"])(
    "accepts the vendor's own example under %s, and the ledger has unaccented names",
    async (acao) => {
      await using simulator = await startSimulator();
      await using client = new ApiClient(simulator);
      const answer = await client.envio(example, { acao });
      expect(answer.text).toMatch(/^\d{12,}$/);
      expect(simulator.ledger.entries()).toMatchObject([
        {
          acao,
          numeroDest: "1133332222",
          emailDest: "email@email.com.br",
          idCampanha: 123_456,
          idWpp: 1234,
          assunto: "Alerta",
          infoContato: {
            nome: "Fulano de tal",
            telefone2: "",
            endereco: "Rua A",
            pais: "BR",
            geral1: "R$ 10,00",
          },
        },
      ]);
    },
  );

  test.each([
    ["the plain spellings", { endereco: "Rua A", pais: "BR" }],
    ["both spellings, if they agree", { endereco: "Rua A", endereço: "Rua A", pais: "BR", país: "BR" }],
  ])("accepts %s", async (_what, variables) => {
    await using simulator = await startSimulator();
    await using client = new ApiClient(simulator);
    await client.envio({ info_contato: variables });
    expect(simulator.ledger.entries()[0]?.infoContato).toEqual({ endereco: "Rua A", pais: "BR" });
  });

  test("accepts an e-mail message without a number", async () => {
    await using simulator = await startSimulator();
    await using client = new ApiClient(simulator);
    const answer = await client.envio({
      numero_dest: undefined,
      email_dest: "a@b.example",
      assunto: "Alerta",
    });
    expect(answer.status).toBe(200);
    expect(simulator.ledger.entries()).toMatchObject([{ numeroDest: null, emailDest: "a@b.example" }]);
  });
});

const query = "acao=envio_whats_simples_v2&id_cliente=123&token=simulator-token";

test.each<[SuccessShape, string]>([
  ["protocol", "100000000001"],
  ["one", "1"],
  ["inserted", "Inserido com sucesso"],
  ["inserted-echo", `Inserido com sucesso: ${query}`],
  ["piped", "100000000001|11988887777|OK"],
  ["rows", "id|numero|status<br>100000000001|11988887777|OK<br>"],
  ["json", '{"status":"success","protocolo":"100000000001"}'],
  ["json-wrapped", '{"envio_whats_simples_v2":{"status":"success","protocolo":"100000000001"}}'],
  ["json-integer", '{"status":"success","protocolo":100000000001}'],
  ["json-unsafe-integer", '{"status":"success","protocolo":900719100000000001}'],
])("success can take the shape %s, and the ledger knows the reference", async (successShape, text) => {
  await using simulator = await startSimulator({ successShape });
  await using client = new ApiClient(simulator);
  const answer = await client.envio();
  expect(answer).toMatchObject({ status: 200, text });
  expect(answer.headers["content-type"]).toMatch(text.startsWith("{") ? /json/ : /text\/html/);
  const reference = successShape === "json-unsafe-integer" ? "900719100000000001" : "100000000001";
  expect(simulator.ledger.entries()).toMatchObject([{ answered: successShape, reference }]);
});

test("an integer of the unsafe shape is one that JSON.parse damages", () => {
  expect(String(JSON.parse("900719100000000001"))).not.toBe("900719100000000001");
});
