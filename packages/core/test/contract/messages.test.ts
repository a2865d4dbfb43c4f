import { InvalidMessageError, TalkmeClient } from "@talkme/core";
import type { Message, TalkmeClientOptions } from "@talkme/core";
import { defaultIdCliente, defaultToken, startSimulator } from "@talkme/simulator";
import type { LedgerEntry } from "@talkme/simulator";
import { describe, expect, it } from "vitest";

/** What the API must have understood of each message. */
const cases: readonly {
  readonly title: string;
  readonly message: Message;
  readonly options?: Partial<TalkmeClientOptions>;
  readonly understood: Partial<LedgerEntry>;
}[] = [
  {
    title: "method 1, by campaign",
    message: { numeroDest: "+55 (11) 98888-7777", idCampanha: 12_345, txtmsg: "teste é & ? # %" },
    understood: {
      acao: "insere_whats_simples",
      numeroDest: "11988887777",
      idCampanha: 12_345,
      idWpp: null,
      txtmsg: "teste é & ? # %",
      infoContato: null,
    },
  },
  {
    title: "method 1, by channel, to an old mobile number",
    message: { numeroDest: "11 8888-7777", idWpp: 123 },
    understood: { numeroDest: "11988887777", idCampanha: null, idWpp: 123 },
  },
  {
    title: "method 1, with the country code on the wire",
    message: { numeroDest: "11988887777", idWpp: 123 },
    options: { phoneFormat: "e164-digits" },
    understood: { numeroDest: "5511988887777" },
  },
  {
    title: "method 2, with all variables of the vendor's example",
    message: {
      txtmsg: "Texto da mensagem",
      idWpp: 1234,
      emailDest: "email@email.com.br",
      numeroDest: "1133332222",
      idCampanha: 123_456,
      assunto: "Alerta",
      infoContato: {
        documento: "01234567890",
        nome: "Fulano de tal",
        telefone1: "1133332222",
        telefone2: "",
        endereço: "Rua A",
        país: "BR",
        geral1: "Informação Genérica 1",
      },
    },
    understood: {
      acao: "envio_whats_simples_v2",
      emailDest: "email@email.com.br",
      numeroDest: "1133332222",
      idCampanha: 123_456,
      idWpp: 1234,
      assunto: "Alerta",
      infoContato: {
        documento: "01234567890",
        nome: "Fulano de tal",
        telefone1: "1133332222",
        endereco: "Rua A",
        pais: "BR",
        geral1: "Informação Genérica 1",
      },
    },
  },
  {
    title: "method 2, with the number for documento and telefone1",
    message: { numeroDest: "11988887777", idCampanha: 1, infoContato: { nome: "Fulano" } },
    understood: { infoContato: { documento: "11988887777", telefone1: "11988887777", nome: "Fulano" } },
  },
  {
    title: "method 2, by e-mail alone",
    message: { emailDest: "email@email.com.br", idCampanha: 1, assunto: "Alerta" },
    understood: { acao: "envio_whats_simples_v2", numeroDest: null, emailDest: "email@email.com.br" },
  },
  ...(["ascii", "accented", "both"] as const).map((spelling) => ({
    title: `method 2, spelled ${spelling}`,
    message: { numeroDest: "11988887777", idCampanha: 1, infoContato: { endereco: "Rua Á", pais: "BR" } },
    options: { spelling },
    understood: {
      infoContato: { documento: "11988887777", telefone1: "11988887777", endereco: "Rua Á", pais: "BR" },
    },
  })),
  {
    title: "method 2, under its other name",
    message: { numeroDest: "11988887777", idCampanha: 1, infoContato: {} },
    options: { acaoV2: "envio_simples_whats_v2" },
    understood: { acao: "envio_simples_whats_v2" },
  },
];

describe("no request is made", () => {
  const peru = { numeroDest: "+51 912 345 678", idCampanha: 1 };
  const refused = [
    ["a foreign number that reads as a Brazilian one", peru, {}, "ambiguous_phone"],
    ["such a number by method 2", { ...peru, infoContato: { nome: "Fulano" } }, {}, "ambiguous_phone"],
    ["another recipient than is expected", peru, { recipient: "5551912345678" }, "recipient_mismatch"],
    [
      "another address",
      { emailDest: "a@b.com", idCampanha: 1 },
      { recipient: "b@b.com" },
      "recipient_mismatch",
    ],
    [
      "one recipient more than is expected",
      { emailDest: "a@b.com", numeroDest: "11988887777", idCampanha: 1 },
      { recipient: "5511988887777" },
      "recipient_mismatch",
    ],
  ] as const;
  it.each(refused)("for %s", async (_what, message, call, code) => {
    await using simulator = await startSimulator();
    const account = { idCliente: defaultIdCliente, token: defaultToken, baseUrl: simulator.url };
    await using client = new TalkmeClient(account);
    const error: unknown = await client.send(message, call).catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(InvalidMessageError);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain("912");
    expect(simulator.requests).toBe(0);
  });

  it("but for a foreign number where each has its country code, and for the one who is expected", async () => {
    await using simulator = await startSimulator();
    const account = { idCliente: defaultIdCliente, token: defaultToken, baseUrl: simulator.url };
    await using client = new TalkmeClient({ ...account, phoneFormat: "e164-digits" });
    await client.send({ ...peru, emailDest: "A@b.com" }, { recipient: "51912345678 a@b.com" });
    expect(simulator.ledger.entries()).toMatchObject([{ numeroDest: "51912345678" }]);
  });
});

describe("the API understands", () => {
  it.each(cases)("$title", async ({ message, options, understood }) => {
    await using simulator = await startSimulator();
    await using client = new TalkmeClient({
      idCliente: defaultIdCliente,
      token: defaultToken,
      baseUrl: simulator.url,
      ...options,
    });
    const { reference } = await client.send(message);
    expect(simulator.ledger.entries()).toEqual([expect.objectContaining({ ...understood, reference })]);
  });
});
