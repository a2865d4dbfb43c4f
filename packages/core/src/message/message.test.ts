import { describe, expect, it } from "vitest";

import { InvalidMessageError } from "../errors/invalid-message-error.ts";
import type { MessageIssue } from "./message-issue.ts";
import { messageSchema } from "./message.ts";
import { parseMessage } from "./parse-message.ts";
import { recipientOf } from "./recipient-of.ts";

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

  it("allows four spaces in a row, but not five", () => {
    expect(issues({ infoContato: { nome: "a    b" } })).toEqual([]);
  });

  it("names the fields that the API does not know", () => {
    expect(issues({ infoContato: { geral6: "x" }, numero: "1" })).toEqual([
      { path: "infoContato", code: "unknown_field", message: 'infoContato has no field "geral6".' },
      { path: "", code: "unknown_field", message: 'A message has no field "numero".' },
    ]);
  });

  it("is refused with all its problems at once, in sentences without its values", () => {
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

  it("is returned with a parsed phone, without empty texts, under canonical names", () => {
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

describe("a blank variable", () => {
  it.each([
    "",
    " ",
    "\u00a0",
    "\u200b",
    "\u200b\u200d\u2060",
    "\ufeff",
    "\u3000",
    "\u3164",
    "\u2800",
    "\u00ad",
  ])("counts as absent: %j", (nothing) => {
    const { infoContato } = parseMessage({ ...message, infoContato: { geral1: nothing, nome: "Fulano" } });
    expect(infoContato).toEqual({ nome: "Fulano" });
  });
});

it.each(["a\u2028b", "a\u2029b", "a\u0085b", "\u2028", "\u0085", "a\u009fb", "a\u007fb"])(
  "a variable with a line separator or control character is refused by name: %j",
  (value) => {
    expect(issues({ infoContato: { geral1: value } })).toMatchObject([
      { path: "infoContato.geral1", code: "invalid_text" },
    ]);
  },
);

/** As parsed from JSON, with any keys. */
function fromJson(variables: Readonly<Record<string, string>>): Record<string, string> {
  return variables;
}

it("a variable's name is the same in both Unicode forms, and two different values are refused", () => {
  const decomposed = "endere\u0063\u0327o";
  expect(parseMessage({ ...message, infoContato: fromJson({ [decomposed]: "Rua A" }) })).toMatchObject({
    infoContato: { endereco: "Rua A" },
  });
  expect(parseMessage({ ...message, infoContato: fromJson({ ["pa\u0069\u0301s"]: "BR" }) })).toMatchObject({
    infoContato: { pais: "BR" },
  });
  expect(issues({ infoContato: { [decomposed]: "A", endereço: "B" } })).toMatchObject([
    { code: "unknown_field" },
  ]);
  expect(issues({ infoContato: { [decomposed]: "A", endereço: "A" } })).toEqual([]);
});

it.each([
  '"X" <a@b.com>',
  "X<a@b.com>",
  "a@b.com,c@d.com",
  "a@b.com;c@d.com",
  "a@b.com.",
  "a@b..com",
  "mailto:a@b.com",
  "josé@b.com",
  "a@exämple.com",
  "a\u200b@b.com",
  "ａ@b.com",
  "a@b@c.com",
])("an address that is not one plain address is refused: %j", (emailDest) => {
  expect(issues({ numeroDest: undefined, emailDest })).toMatchObject([{ code: "invalid_email" }]);
});

it("has one recipient, however the number is written", () => {
  const written = { ...message, numeroDest: "+55 (0)11 8888-7777", emailDest: " Fulano@Example.COM " };
  expect(recipientOf(parseMessage(written))).toBe("5511988887777 fulano@example.com");
  expect(recipientOf(parseMessage({ emailDest: "A@b.com", idWpp: 1 }))).toBe("a@b.com");
});
