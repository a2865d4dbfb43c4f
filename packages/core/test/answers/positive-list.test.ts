import { readFileSync } from "node:fs";

import { interpretResponse } from "@talkme/core";
import { refusalCatalogue } from "@talkme/simulator";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";

const listed = (name: string): readonly string[] =>
  z.array(z.string()).parse(JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), "utf8")));
const successes = listed("successes");
const doubtful = listed("doubtful");

const judge = (body: string): ReturnType<typeof interpretResponse> =>
  interpretResponse({ httpStatus: 200, body });
const accepted = (bodies: readonly string[]): readonly string[] =>
  bodies.filter((body) => judge(body).outcome === "accepted");

/** Where a word may be put in: at the ends and between two words. */
const spaces = (body: string): readonly number[] => [
  0,
  body.length,
  ...Array.from(body.matchAll(/[\s|:,]/g), ({ index }) => index),
];
const forms = (body: string): readonly string[] => [
  body.normalize("NFD"),
  body.normalize("NFC"),
  body.toUpperCase(),
  `\r\n ${body}\n`,
];
const ruleOf = (body: string): string | null => judge(body).rule;

describe("success is a positive list", () => {
  it("that holds none of the refusals that scripts and gateways give in a 200", () => {
    expect(refusalCatalogue.length).toBeGreaterThan(150);
    expect(accepted(refusalCatalogue)).toEqual([]);
  });

  it("that holds the words, protocols and JSON with which this family says yes", () => {
    expect(successes.length).toBeGreaterThan(40);
    expect(successes.filter((body) => judge(body).outcome !== "accepted")).toEqual([]);
  });

  it("and what may be either is unknown, not rejected", () => {
    expect(doubtful.length).toBeGreaterThan(40);
    const others = doubtful.map((body) => [body, judge(body).outcome]).filter(([, is]) => is !== "unknown");
    expect(others).toEqual([]);
  });

  it("to which accents, capitals and normal forms make no difference", () => {
    expect(accepted(refusalCatalogue.flatMap(forms))).toEqual([]);
    const texts = successes.filter((body) => /^[A-Z][^={|]*$/.test(body));
    expect(texts.length).toBeGreaterThan(20);
    expect(accepted(texts.flatMap(forms))).toHaveLength(4 * texts.length);
  });

  it("that no cut, compressed or partial answer is on", () => {
    for (const body of successes) {
      expect(interpretResponse({ httpStatus: 200, body, isCut: true }).outcome).toBe("unknown");
      expect(interpretResponse({ httpStatus: 200, body, isText: false }).outcome).toBe("unknown");
      expect(interpretResponse({ httpStatus: 206, body }).outcome).toBe("unknown");
    }
    expect(
      accepted(successes.filter((body) => body.startsWith("{")).map((body) => body.slice(0, -1))),
    ).toEqual([]);
  });

  it("on which an echo of what was sent is no protocol", () => {
    const sent = {
      numeroDest: {
        country: "BR",
        e164Digits: "5521987654321",
        national: "21987654321",
        ddd: "21",
        ninthDigitAdded: false,
      },
      idCampanha: 123_456,
      idWpp: 78_901,
      idCliente: "654321",
      infoContato: { documento: "012.345.678-90", geral1: "777888999" },
    };
    const echoes =
      "21987654321 5521987654321 021987654321 2187654321 123456 00123456 78901 654321 01234567890 777888999 " +
      '21987654321|123456 {"id":"5521987654321"} {"protocolo":123456} {"retorno":"21987654321"}';
    for (const body of echoes.split(" ")) {
      expect([body, interpretResponse({ httpStatus: 200, body, sent }).outcome]).toEqual([body, "unknown"]);
    }
    expect(interpretResponse({ httpStatus: 200, body: "123457", sent })).toMatchObject({
      reference: "123457",
    });
    // One number in a hundred million ends so by chance, and more do where both are counted up.
    expect(interpretResponse({ httpStatus: 200, body: "100087654321", sent })).toMatchObject({
      reference: "100087654321",
    });
    expect(interpretResponse({ httpStatus: 200, body: "21987654321|998877", sent })).toMatchObject({
      outcome: "accepted",
      reference: "998877",
    });
  });

  const words = [
    ..."não nao NÃO Não na\u0303o not never nunca sem without nenhum no none nem jamais já already".split(
      " ",
    ),
    ..."erro Erro ERRO error falha fail failed inválido invalid recusado rejeitado bloqueado negado denied".split(
      " ",
    ),
    ..."parada pausada encerrada expirado duplicado insuficiente inexistente limite aguarde tente KO NOK ERR".split(
      " ",
    ),
    ..."n&atilde;o NÃ£o n\uFFFDo será will cancelado mas but quase parcial pendente 0 false null -1".split(
      " ",
    ),
  ];
  const plainSuccesses = successes.filter(
    (body) => !/^[{["\s]|[&]|:\/\/|dbdial/.test(body) && /[a-z]/i.test(body),
  );

  it("from which one word of refusal or negation, anywhere in a text, takes it off", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...plainSuccesses),
        fc.constantFrom(...words),
        fc.nat(),
        fc.constantFrom(" ", ": ", " - ", "|", "\n", ", "),
        (body, word, position, gap) => {
          const places = spaces(body);
          const at = places[position % places.length] ?? 0;
          const text = `${body.slice(0, at)}${gap}${word}${gap}${body.slice(at)}`;
          expect([text, judge(text).outcome]).not.toEqual([text, "accepted"]);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("from which a field that says failure, anywhere in the JSON, takes it off", () => {
    const no: readonly (readonly [string, unknown])[] = [
      ...[
        "erro",
        "error",
        "errors",
        "errorMessage",
        "falha",
        "has_error",
        "rejected",
        "motivo_recusa",
      ].flatMap((key): (readonly [string, unknown])[] => [
        [key, true],
        [key, "saldo"],
        [key, { code: 5 }],
      ]),
      ...["status", "success", "sucesso", "ok", "enviado", "sent", "result"].flatMap(
        (key): (readonly [string, unknown])[] => [
          [key, false],
          [key, 0],
          [key, "error"],
          [key, null],
        ],
      ),
      ...["mensagem", "message", "detail", "descricao"].map((key) => [key, "Campanha parada"] as const),
      ["code", 105],
      ["situacao_envio", "recusado"],
      ["anything", false],
    ];
    const objects = successes.filter((body) => body.startsWith("{"));
    fc.assert(
      fc.property(
        fc.constantFrom(...objects),
        fc.constantFrom(...no),
        fc.constantFrom("", "data", "x", "contatos"),
        fc.boolean(),
        (body, [key, value], under, first) => {
          const field = JSON.stringify({ [key]: value });
          const added = under === "" ? field.slice(1, -1) : `${JSON.stringify(under)}:[${field}]`;
          const text = first
            ? `{${added},${body.slice(1)}`
            : `${body.slice(0, body.lastIndexOf("}"))},${added}}`;
          expect([text, judge(text).outcome]).not.toEqual([text, "accepted"]);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("from which a zero or an empty list, where something should have been done, takes it off", () => {
    const nothing = [0, "0", [], {}].flatMap((value) =>
      "enviados entregue delivered contatos registros destinatarios ids protocolos valido is_valid has_whatsapp opt_in ativo criado queued autorizado"
        .split(" ")
        .flatMap((key) => [
          { success: true, [key]: value },
          { id: 987_654, x: { [key]: value } },
        ]),
    );
    expect(accepted(nothing.map((body) => JSON.stringify(body)))).toEqual([]);
    // Nothing is known of these yet, and a list of messages may be one of complaints.
    const fine = [
      { delivered_at: null },
      { valido_ate: "" },
      { contatos: 1 },
      { ids: [5] },
      { messages: [] },
      { data: [] },
    ];
    expect(accepted(fine.map((more) => JSON.stringify({ success: true, ...more })))).toHaveLength(
      fine.length,
    );
  });

  it("that holds no error number of WhatsApp's own API, and hardly any protocol is mistaken for one", () => {
    const errors =
      "130429 131026 131047 131049 132001 132015 133010 131026|1 1|131026 131047|11988887777".split(" ");
    expect(accepted([...errors, '{"result":131047}', '{"retorno":"132015"}'])).toEqual([]);
    const counted = Array.from({ length: 10_000 }, (_, index) => accepted([String(130_000 + index)]).length);
    expect(counted.filter((is) => is === 0).length).toBeLessThan(60);
    expect(counted.join("")).not.toContain("00000");
  });

  it("names the rule by which it was found", () => {
    expect(ruleOf("1")).toBe("figure 1");
    expect(ruleOf("Inserido com sucesso")).toBe("word of success");
    expect(ruleOf("987654")).toBe("protocol");
    expect(ruleOf('{"status":"ok"}')).toBe("JSON says success");
    expect(ruleOf('{"id":5}')).toBe("JSON with a reference");
    expect(ruleOf("Campanha parada")).toBeNull();
  });
});
