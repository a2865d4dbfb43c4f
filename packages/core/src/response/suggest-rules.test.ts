import { refusalCatalogue } from "@talkme/simulator";
import { describe, expect, it } from "vitest";

import { interpretResponse } from "./interpret-response.ts";
import { responseRulesSchema } from "./response-rules.ts";
import { suggestRules } from "./suggest-rules.ts";

const infoContato = { nome: "João da Silva", geral1: "R$ 10,00" };

describe("suggested rules", () => {
  it("are valid and match the answer, whatever it was", () => {
    const bodies = [
      ...refusalCatalogue,
      "",
      "<html><p>Bloqueado</p>",
      "{",
      "x".repeat(5000),
      '{"a":{"b":"c"}}',
      "é[.*",
    ];
    const without = bodies.filter((body) => suggestRules({ httpStatus: 200, body }) === null);
    expect(without).toEqual([]);
    for (const answer of [
      { httpStatus: 200, body: "\0", isText: false },
      { httpStatus: 299, body: "y".repeat(9000), isCut: true },
    ]) {
      expect(suggestRules(answer)).not.toBeNull();
    }
  });

  it("match the next recipient's answer too, and no other words", () => {
    const body = "Contato João da Silva (11988887777) recebido em R$ 10,00: 5551234";
    const { accepted } = suggestRules({ httpStatus: 200, body, sent: { infoContato } }) ?? {};
    const rules = responseRulesSchema.parse([accepted]);
    const judge = (text: string): string => interpretResponse({ httpStatus: 200, body: text }, rules).outcome;
    expect(JSON.stringify(rules)).not.toMatch(/João|11988887777/);
    expect(judge("Contato Maria (21977776666) recebido em R$ 5,00: 5551235")).toBe("accepted");
    expect(judge("Contato Maria (21977776666) recusado em R$ 5,00: 5551235")).toBe("unknown");
  });

  it("take the words before a status that says ok, and short numbers as they are", () => {
    const rule = suggestRules({ httpStatus: 200, body: '{"status":"ok","mensagem":"Na fila"}' })?.accepted;
    expect(rule?.when).toEqual({ status: 200, json: { path: "mensagem", matches: "^Na fila$" } });
    expect(suggestRules({ httpStatus: 202, body: "ERR: 105" })?.rejected).toMatchObject({
      when: { status: 202, body: "^ERR: 105$" },
      outcome: "rejected",
    });
  });

  it("contain no token", () => {
    const answer = { httpStatus: 200, body: "chave XJS83HAUQ recebida" };
    const suggested = suggestRules(answer, "chave [redacted] recebida");
    expect(suggested?.accepted.when).toEqual({ status: 200, body: "^chave .* recebida$" });
  });
});
