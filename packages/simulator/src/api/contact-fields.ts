import { Refusal } from "./refusal.ts";

/** The keys of `info_contato`, in their canonical spelling. */
export const contactFields = [
  "documento",
  "nome",
  "telefone1",
  "telefone2",
  "telefone3",
  "email",
  "endereco",
  "bairro",
  "cep",
  "cidade",
  "estado",
  "pais",
  "geral1",
  "geral2",
  "geral3",
  "geral4",
  "geral5",
] as const;

/** Wire spelling to canonical name. The vendor's example accents two of them, its table does not. */
const canonicalNames: ReadonlyMap<string, string> = new Map([
  ...contactFields.map((field) => [field, field] as const),
  ["endereço", "endereco"],
  ["país", "pais"],
]);

/** What Meta refuses in a template parameter: a newline, a tab, more than four spaces in a row. */
const refusedByMeta = /[\n\r\t]| {5,}/;

/**
 * Reads `info_contato`. Both spellings of a name may come together if their values are equal.
 *
 * @throws {Refusal} for anything but an object of strings under known names, and for a value that Meta refuses.
 */
export function readContactFields(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal("wrong-type", "info_contato must be a JSON object");
  }
  const fields: Record<string, string> = {};
  for (const [key, text] of Object.entries(value)) {
    const name = canonicalNames.get(key);
    if (name === undefined) {
      throw new Refusal("unknown-variable", "info_contato has a key that the API does not know");
    }
    if (typeof text !== "string")
      throw new Refusal("wrong-type", `info_contato.${name} must be a JSON string`);
    if (refusedByMeta.test(text)) {
      throw new Refusal(
        "invalid-variable",
        `info_contato.${name} has a newline, a tab or more than 4 spaces in a row`,
      );
    }
    if (fields[name] !== undefined && fields[name] !== text) {
      throw new Refusal(
        "conflicting-spellings",
        `info_contato.${name} came in both spellings and they differ`,
      );
    }
    fields[name] = text;
  }
  return fields;
}
