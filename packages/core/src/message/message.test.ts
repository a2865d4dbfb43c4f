import { describe, expect, it } from "vitest";

import { InvalidMessageError } from "../errors/invalid-message-error.ts";
import type { MessageIssue } from "./message-issue.ts";
import { messageSchema } from "./message.ts";
import { parseMessage } from "./parse-message.ts";

const message = { numeroDest: "11988887777", idCampanha: 12345 };

function issues(change: object): readonly MessageIssue[] {
  try {
    parseMessage({ ...message, ...change });
    return [];
  } catch (error) {
    if (error instanceof InvalidMessageError) return error.issues;
    throw error;
  }
}

describe("a message", () => {
  it.each([
    {},
    { idCampanha: undefined, idWpp: 9 },
    { idWpp: 9 },
    { numeroDest: undefined, emailDest: "a@b.com" },
    { numeroDest: "", emailDest: " a@b.com " },
    { emailDest: "", txtmsg: "", assunto: "" },
    { txtmsg: "free text\nof two lines" },
    { infoContato: {} },
    { infoContato: { telefone2: "", telefone3: "", email: "", país: "BR" } },
  ])("passes with %j", (change) => {
    expect(issues(change)).toEqual([]);
  });

  it.each([
    [{ numeroDest: undefined }, "", "missing_recipient"],
    [{ numeroDest: "  " }, "", "missing_recipient"],
    [{ idCampanha: undefined }, "", "missing_target"],
    [{ numeroDest: "1198888" }, "numeroDest", "invalid_phone_length"],
    [{ numeroDest: "20988887777" }, "numeroDest", "invalid_ddd"],
    [{ numeroDest: "nobody" }, "numeroDest", "invalid_phone"],
    [{ numeroDest: 11_988_887_777 }, "numeroDest", "invalid_message"],
    [{ emailDest: "nobody" }, "emailDest", "invalid_email"],
    [{ idCampanha: 1.5 }, "idCampanha", "invalid_message"],
    [{ idCampanha: 0 }, "idCampanha", "invalid_message"],
    [{ idCampanha: 2 ** 53 }, "idCampanha", "invalid_message"],
    [{ idWpp: "9" }, "idWpp", "invalid_message"],
    [{ txtmsg: "\ud800" }, "txtmsg", "invalid_text"],
    [{ infoContato: { geral1: 7 } }, "infoContato.geral1", "invalid_message"],
    [{ infoContato: { geral1: null } }, "infoContato.geral1", "invalid_message"],
    [{ infoContato: { geral1: "a\nb" } }, "infoContato.geral1", "invalid_text"],
    [{ infoContato: { nome: "a\tb" } }, "infoContato.nome", "invalid_text"],
    [{ infoContato: { nome: "a\0b" } }, "infoContato.nome", "invalid_text"],
    [{ infoContato: { nome: "a     b" } }, "infoContato.nome", "invalid_text"],
    [{ infoContato: { nome: "\udc00" } }, "infoContato.nome", "invalid_text"],
    [{ infoContato: { pais: "BR", país: "PT" } }, "infoContato.país", "invalid_message"],
    [{ infoContato: [] }, "infoContato", "invalid_message"],
  ])("with %j is refused at %j with the code %s", (change, path, code) => {
    expect(issues(change)).toEqual([expect.objectContaining({ path, code })]);
  });

  it("allows four spaces in a row, and not five", () => {
    expect(issues({ infoContato: { nome: "a    b" } })).toEqual([]);
  });

  it("names the fields that the API does not know", () => {
    expect(issues({ infoContato: { geral6: "x" }, numero: "1" })).toEqual([
      { path: "infoContato", code: "unknown_field", message: 'infoContato has no field "geral6".' },
      { path: "", code: "unknown_field", message: 'A message has no field "numero".' },
    ]);
  });

  it("is refused with all of its problems at once, in sentences that hold none of its values", () => {
    const problems = issues({ numeroDest: "20988887777", infoContato: { geral1: "secret\n" } });
    expect(problems).toHaveLength(2);
    for (const problem of problems) {
      expect(problem.message).toMatch(/^[a-zA-Z0-9.]+:? .*\.$/);
      expect(problem.message).not.toMatch(/20988887777|secret/);
    }
  });

  it.each([undefined, null, 1, "text", []])(
    "that is %j is refused like any other wrong message",
    (nothing) => {
      const result = messageSchema.safeParse(nothing);
      expect(result.success).toBe(false);
    },
  );

  it("comes out with its phone parsed, without empty texts and under canonical names", () => {
    const infoContato = {
      telefone2: "",
      endereço: "Rua A",
      endereco: "",
      país: "BR",
      pais: "BR",
      nome: "  ",
    };
    expect(parseMessage({ ...message, emailDest: " a@b.com ", infoContato })).toMatchObject({
      numeroDest: { national: "11988887777" },
      emailDest: "a@b.com",
      infoContato: { endereco: "Rua A", pais: "BR" },
    });
  });
});
