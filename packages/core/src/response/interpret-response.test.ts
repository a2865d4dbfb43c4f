import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { defaultResponseRules } from "./default-response-rules.ts";
import { interpretResponse } from "./interpret-response.ts";
import { responseRuleSchema } from "./response-rule.ts";
import type { ResponseRule } from "./response-rule.ts";

const ok = (body: string): ReturnType<typeof interpretResponse> =>
  interpretResponse({ httpStatus: 200, body });

describe("interpretResponse, by status", () => {
  it.each([
    [400, "rejected", "request_rejected"],
    [401, "not_sent", "authentication_failed"],
    [403, "not_sent", "authentication_failed"],
    [404, "rejected", "not_found"],
    [414, "rejected", "request_rejected"],
    [429, "not_sent", "rate_limited"],
    [500, "unknown", "server_error"],
    [502, "unknown", "server_error"],
    [503, "not_sent", "service_unavailable"],
    [504, "unknown", "server_error"],
    [302, "unknown", "redirected"],
    [304, "unknown", "redirected"],
    [204, "unknown", "response_empty"],
    [206, "unknown", "response_incomplete"],
    [0, "unknown", "response_unrecognized"],
    [101, "unknown", "response_unrecognized"],
    [600, "unknown", "response_unrecognized"],
    [999, "unknown", "response_unrecognized"],
  ])("takes %i for %s (%s), whatever a body says", (httpStatus, outcome, code) => {
    const body = httpStatus === 204 ? "" : "Inserido com sucesso";
    expect(interpretResponse({ httpStatus, body })).toMatchObject({ outcome, code });
  });
});

describe("interpretResponse, accepted", () => {
  it.each([
    ["1", null],
    ["OK", null],
    ["Inserido com sucesso", null],
    ["12345678901234567890", "12345678901234567890"],
    ["0012345678", "0012345678"],
    ["  47110\r\n", "47110"],
    ["987654|11988887777|inserido", "987654"],
    ["1|Inserido com sucesso|987654", "987654"],
    ["OK|987654", "987654"],
    ["Inserido com sucesso. Protocolo: 987654", "987654"],
    ["987654|ok<br>987655|ok<br/>", "987654"],
    ['{"status":"ok","id":12345678901234567890}', "12345678901234567890"],
    ['{"id":"AB-1"}', "AB-1"],
    ['{"erro":0,"mensagem":"Inserido com sucesso","protocolo":77}', "77"],
    ['{"error":false,"data":{"id":5}}', "5"],
    ['{"success":"ok","id":1}', "1"],
    ['{"erro":"","sucesso":true}', null],
    ['{"insere_whats_simples":{"status":"OK","id":"9"}}', "9"],
    ['{"insere_whats_simples":[{"status":"OK","id":"9"}]}', "9"],
    ['{"insere_whats_simples":"Inserido com sucesso"}', null],
    ['{"envio_whats_simples_v2":12345678901234567890}', "12345678901234567890"],
    ['"12345678901234567890"', "12345678901234567890"],
    ["id|numero|status<br>987654|11988887777|OK<br>", "987654"],
  ])("takes %s for accepted with the reference %s", (body, reference) => {
    expect(ok(body)).toMatchObject({ outcome: "accepted", reference });
  });

  it("is not misled by the content type that PHP gives to everything", () => {
    expect(
      interpretResponse({
        httpStatus: 200,
        contentType: "text/html; charset=UTF-8",
        body: "Inserido com sucesso",
      }),
    ).toMatchObject({ outcome: "accepted" });
  });

  it.each([
    "Inserido com sucesso. /dbdial_webapi.php?acao=insere_whats_simples&token=ERRO&txtmsg=erro",
    "Inserido com sucesso: acao=insere_whats_simples&id_cliente=1&token=erroERRO",
    '{"status":"ok","url":"https://api.talk.me/dbdial_webapi.php?token=erro&txtmsg=falha"}',
    '{"status":"ok","txtmsg":"Erro no pagamento","info_contato":{"geral1":"erro"}}',
  ])("does not take a word of the echoed request for the answer's: %s", (body) => {
    expect(ok(body)).toMatchObject({ outcome: "accepted" });
  });
});

describe("interpretResponse, rejected", () => {
  it.each([
    "Erro: campanha inexistente",
    "ERRO|12",
    "error",
    " Erro ao inserir",
    "Falha ao inserir contato",
    "Failed to insert",
    "Token inválido",
    "Parâmetro inválido",
    "Não foi possível inserir",
    "Erro: acao=insere&token=x",
    "Erro<br>campanha<br>",
    '{"erro":"campanha inexistente"}',
    '{"erro":1}',
    '{"errors":["x"]}',
    '{"success":false,"id":5}',
    '{"sucesso":"nao"}',
    '{"status":"erro"}',
    '{"status":"ERROR","id":5}',
    '{"status":false}',
    '{"status":400}',
    '{"mensagem":"Erro: sem saldo"}',
    '{"insere_whats_simples":{"erro":"campanha"}}',
    '{"envio_whats_simples_v2":[{"status":"erro"}]}',
    '{"insere_whats_simples":"Erro: campanha"}',
    '{"status":"ok","data":{"erro":"campanha"}}',
    '"Erro: campanha"',
  ])("takes %s in a 200 for rejected", (body) => {
    expect(ok(body)).toMatchObject({ outcome: "rejected", code: "rejected_by_api" });
  });

  it.each([
    "404 not found",
    "Error: 404 Not Found",
    "404 - Not Found",
    "no results or wrong parameter",
    "<html><title>404 Not Found</title></html>",
    '{"erro":"404 not found"}',
    '{"status":404}',
    '{"insere_whats_simples":"404 not found"}',
  ])("takes %s in a 200 for not found, which counts towards the locking of the token", (body) => {
    expect(ok(body)).toMatchObject({ outcome: "rejected", code: "not_found" });
  });
});

describe("interpretResponse, unknown", () => {
  it.each([
    ["", "response_empty"],
    [" \r\n ", "response_empty"],
    ["null", "response_empty"],
    ["{}", "response_empty"],
    ["[]", "response_empty"],
    ['{"insere_whats_simples":[]}', "response_empty"],
    ['{"insere_whats_simples":null}', "response_empty"],
    ["https://api.talk.me/dbdial_webapi.php?acao=x", "response_empty"],
    ["<br>", "response_empty"],
    ["<!doctype html><p>Access denied", "response_html"],
    ["<b>Inserido com sucesso</b>", "response_html"],
    ["Inserido <script>", "response_html"],
    ['{"insere_whats_simples":"<html>ok</html>"}', "response_html"],
    ["<?xml version='1.0'?><ok/>", "response_html"],
    ["PHP Fatal error:  Uncaught Error", "server_error"],
    ["Warning: mysqli_connect()", "server_error"],
    ['{"status":500}', "server_error"],
    ['{"erro":"x"', "response_unrecognized"],
    ["erro=0|id=55", "response_unrecognized"],
    ["Inserido sem erro", "response_unrecognized"],
    // An echo may go on beyond where it seems to end, so nothing after one is evidence.
    ["token=erro Inserido com sucesso", "response_unrecognized"],
    [`12345678901\n${".".repeat(7_000)}`, "response_unrecognized"],
    ["0", "response_unrecognized"],
    ["false", "response_unrecognized"],
    ["-1", "response_unrecognized"],
    ['{"insere_whats_simples":false}', "response_unrecognized"],
  ])("takes %s in a 200 for unknown (%s)", (body, code) => {
    expect(ok(body)).toMatchObject({ outcome: "unknown", code });
  });

  it("takes a body that is not text for unknown", () => {
    expect(interpretResponse({ httpStatus: 200, body: "Inserido com sucesso", isText: false })).toMatchObject(
      {
        outcome: "unknown",
        code: "response_not_text",
      },
    );
  });
});

describe("interpretResponse, whatever comes", () => {
  const anyBody = fc.oneof(
    fc.string({ unit: "binary", maxLength: 2000 }),
    fc.json({ maxDepth: 6 }),
    fc.nat({ max: 40_000 }).map((depth) => '{"a":['.repeat(depth) + "1".repeat(20)),
    fc.nat({ max: 20_000 }).map((depth) => "[".repeat(depth) + "12345678901234567890" + "]".repeat(depth)),
  );

  it("gives one of the four outcomes and throws for nothing", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 1000 }), anyBody, (httpStatus, body) => {
        expect(["accepted", "rejected", "not_sent", "unknown"]).toContain(
          interpretResponse({ httpStatus, body }).outcome,
        );
      }),
    );
  });

  it("accepts nothing but a 2xx", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }).filter((status) => status < 200 || status > 299),
        anyBody,
        (httpStatus, body) => {
          expect(interpretResponse({ httpStatus, body }).outcome).not.toBe("accepted");
        },
      ),
    );
  });

  it("accepts no web page and no silence, whatever surrounds the tags", () => {
    const tag = fc.constantFrom("html", "p", "b", "script", "h1", "div", "title", "center");
    const text = fc.string({ maxLength: 50 });
    fc.assert(
      fc.property(text, tag, text, text, (before, name, inside, after) => {
        const body = `${before.replace(/^\s*["[{]/, "")}<${name}>${inside}</${name}>${after}`;
        expect(ok(body).outcome).not.toBe("accepted");
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[ \t\r\n]*$/), (body) => {
        expect(ok(body).outcome).toBe("unknown");
      }),
    );
  });

  it.each(["=a", "a=", "&a=", "<a", "/a", "%a", "|1", "a-", "://", " 1", "\\u00e9", "[", '{"a":'])(
    "takes less than a second of the processor for 64 KiB of %s",
    (unit) => {
      const body = unit.repeat(Math.ceil(65_536 / unit.length));
      const started = process.threadCpuUsage();
      ok(body);
      const { user, system } = process.threadCpuUsage(started);
      expect((user + system) / 1000).toBeLessThan(1000);
    },
  );
});

describe("rules", () => {
  it("are asked in order, and the default ones are data that their own schema accepts", () => {
    for (const rule of defaultResponseRules) expect(responseRuleSchema.safeParse(rule).error).toBeUndefined();
    expect(JSON.parse(JSON.stringify(defaultResponseRules))).toEqual(defaultResponseRules);
    const mine: ResponseRule = {
      name: "no credit",
      when: { status: 200, body: "^erro: sem saldo" },
      outcome: "not_sent",
      code: "no_credit",
    };
    expect(
      interpretResponse({ httpStatus: 200, body: "Erro: sem saldo" }, [mine, ...defaultResponseRules]),
    ).toEqual({ outcome: "not_sent", code: "no_credit", reference: null, rule: "no credit" });
  });

  it("apply only when all of their conditions hold", () => {
    const rule: ResponseRule = {
      name: "all",
      when: {
        status: ["2xx", 404],
        contentType: "json",
        kind: "json",
        body: "queue",
        json: { path: ["a.b", "c"], equals: ["x", 1], matches: "^x" },
      },
      outcome: "accepted",
      referenceJson: ["a.n"],
    };
    const answer = {
      httpStatus: 404,
      contentType: "application/json",
      body: '{"A":{"B":"x","n":7},"queue":1}',
    };
    expect(interpretResponse(answer, [rule])).toEqual({ outcome: "accepted", reference: "7", rule: "all" });
    const others = [
      { ...answer, httpStatus: 500 },
      { ...answer, contentType: "text/html" },
      { ...answer, contentType: undefined },
      { ...answer, body: '{"a":{"b":"x"}}' },
      { ...answer, body: '{"a":{"b":"y"},"queue":1}' },
      { ...answer, body: '{"a":{"b":1},"queue":1}' },
      { ...answer, body: "queue" },
    ];
    for (const other of others) expect(interpretResponse(other, [rule])).toMatchObject({ rule: null });
  });
});
