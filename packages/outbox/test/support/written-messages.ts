import * as fc from "fast-check";

/** A message as the columns of a staging table, in JSON. */
export interface WrittenMessage {
  readonly numero_dest: string | null;
  readonly email_dest: string | null;
  readonly id_campanha: number | null;
  readonly id_wpp: number | null;
  readonly txtmsg: string | null;
  readonly assunto: string | null;
  readonly info_contato: unknown;
  readonly account: string | null;
  readonly send_at: string | null;
  readonly expires_at: string | null;
  readonly dedupe_key: string | null;
  readonly max_attempts: number | null;
  readonly on_unknown: string | null;
}

/** Mostly `usual`, so that messages break few rules at a time, and many none. */
function mostly<Usual, Odd>(usual: readonly Usual[], odd: readonly Odd[]): fc.Arbitrary<Usual | Odd> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );
}

const values = mostly(
  ["Fulano de tal", "R$ 10,00", "São Paulo", "", " ", "\u200b", "👍", "a    b"],
  [
    7,
    null,
    true,
    ["a"],
    "a\nb",
    "a\tb",
    "a     b",
    "a\u2028b",
    "a\u007fb",
    "x".repeat(1024),
    "x".repeat(1025),
  ],
);
const names = mostly(
  ["nome", "geral1", "geral5", "telefone2", "endereco", "pais"],
  ["endereço", "país", "endere\u0063\u0327o", "pa\u0069\u0301s", "geral6", "Nome", ""],
);
const variables = fc
  .array(fc.tuple(names, values), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries) as unknown);

/** Messages as people put them into a list; about half of them break some rule. */
export const writtenMessage: fc.Arbitrary<WrittenMessage> = fc.record({
  numero_dest: mostly(
    ["11988887777", "+55 (21) 3333-4444", "1188887777", "+351912345678", "+2902345"],
    [
      null,
      "",
      " ",
      "20988887777",
      "119888777",
      "11888877771",
      "1108887777",
      "1198887777.0",
      "+5512",
      "+999123456",
      "nobody",
    ],
  ),
  email_dest: mostly([null, "a@b.com", " A@b.com ", ""], ["a@b", "X <a@b.com>", "nobody", " ", "josé@b.com"]),
  id_campanha: mostly([1, 2, 3], [null, 0, -1, 2 ** 53 - 1]),
  id_wpp: mostly([null, 9], [0]),
  txtmsg: mostly([null, "", "text\nof two lines"], ["x".repeat(4096), "x".repeat(4097)]),
  assunto: mostly([null, null, null], ["", "Your invoice", "a\nb", "x".repeat(256)]),
  info_contato: fc.oneof(
    { weight: 6, arbitrary: variables },
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>([], "nome", 7) },
  ),
  account: mostly([null, "default", "vendas-2"], ["Vendas", "a/b", ""]),
  send_at: mostly(
    [null, "2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z"],
    ["1999-12-31T00:00:00Z", "infinity"],
  ),
  expires_at: mostly([null, "2100-01-01T00:00:00Z"], ["2025-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]),
  dedupe_key: mostly([null, "a key", "k".repeat(255)], ["", "k".repeat(256)]),
  max_attempts: mostly([null, 3], [0, 1001, 70_000, -70_000]),
  on_unknown: mostly([null, "hold", "resend"], ["retry"]),
});
