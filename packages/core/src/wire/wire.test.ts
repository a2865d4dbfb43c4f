import { describe, expect, it } from "vitest";

import { parseMessage } from "../message/parse-message.ts";
import { encodeSimples } from "./encode-simples.ts";
import { encodeV2 } from "./encode-v2.ts";
import type { WireFormat } from "./wire-format.ts";

const format: WireFormat = { acaoSimples: "s", acaoV2: "v", spelling: "both", phoneFormat: "national" };
const infoContato = { nome: "Fulano de tal", endereço: "Rua A", pais: "BR" };
const message = parseMessage({
  numeroDest: "+55 11 98888-7777",
  idCampanha: 12_345,
  idWpp: 123,
  txtmsg: "é & ?",
});
const withVariables = parseMessage({ numeroDest: "11988887777", idCampanha: 12_345, infoContato });

function variables(change: Partial<WireFormat>): unknown {
  const body: unknown = JSON.parse(encodeV2(withVariables, { ...format, ...change }));
  return body;
}

describe("method 1", () => {
  it("has the parameters of the vendor's page, percent-encoded", () => {
    expect(encodeSimples(message, format)).toBe(
      "&num_dest=11988887777&id_campanha=12345&id_wpp=123&txtmsg=%C3%A9%20%26%20%3F",
    );
  });
});

describe("method 2", () => {
  it("has JSON numbers for campaign and channel, and the number for absent documento and telefone1", () => {
    expect(JSON.parse(encodeV2(message, format))).toEqual({
      numero_dest: "11988887777",
      id_campanha: 12_345,
      id_wpp: 123,
      txtmsg: "é & ?",
      info_contato: { documento: "11988887777", telefone1: "11988887777" },
    });
  });

  it("keeps documento and telefone1 where they are given", () => {
    const given = parseMessage({
      numeroDest: "11988887777",
      idWpp: 1,
      infoContato: { documento: "01234567890", telefone1: "1133332222" },
    });
    expect(JSON.parse(encodeV2(given, format))).toMatchObject({
      info_contato: { documento: "01234567890", telefone1: "1133332222" },
    });
  });

  it("has no info_contato for an e-mail without variables", () => {
    const mail = parseMessage({ emailDest: "a@b.com", assunto: "Alerta", idCampanha: 1 });
    expect(JSON.parse(encodeV2(mail, format))).toEqual({
      email_dest: "a@b.com",
      assunto: "Alerta",
      id_campanha: 1,
    });
  });

  it("spells endereço and país as configured", () => {
    const both = { endereco: "Rua A", endereço: "Rua A", pais: "BR", país: "BR" };
    expect(variables({})).toMatchObject({ info_contato: both });
    const ascii = variables({ spelling: "ascii" });
    expect(ascii).toMatchObject({ info_contato: { endereco: "Rua A", pais: "BR" } });
    expect(ascii).not.toHaveProperty("info_contato.endereço");
    const accented = variables({ spelling: "accented" });
    expect(accented).toMatchObject({ info_contato: { endereço: "Rua A", país: "BR" } });
    expect(accented).not.toHaveProperty("info_contato.endereco");
  });
});

describe("numbers on the wire", () => {
  it("have 55 only if configured, and foreign ones always have their country code", () => {
    const e164: WireFormat = { ...format, phoneFormat: "e164-digits" };
    expect(encodeSimples(message, e164)).toContain("num_dest=5511988887777");
    const foreign = parseMessage({ numeroDest: "+1 415 555 2671", idWpp: 1 });
    expect(encodeSimples(foreign, format)).toContain("num_dest=14155552671");
    expect(encodeSimples(foreign, e164)).toContain("num_dest=14155552671");
  });
});
