import * as z from "zod";

import { isBlank } from "./blank.ts";
import { templateTextSchema } from "./template-text.ts";

const variable = templateTextSchema.optional();

const fields = z.strictObject({
  /** CPF, CNPJ or any other unique identifier. @default the phone number */
  documento: variable,
  /** Full name. The platform derives `PRIMEIRO_NOME` (first name) from it. */
  nome: variable,
  /** Main phone number. @default the recipient's */
  telefone1: variable,
  telefone2: variable,
  telefone3: variable,
  email: variable,
  /** Street address. */
  endereco: variable,
  endereço: variable,
  /** District. */
  bairro: variable,
  /** Postal code. */
  cep: variable,
  cidade: variable,
  /** State: two letters. */
  estado: variable,
  /** Country, such as `BR`. */
  pais: variable,
  país: variable,
  geral1: variable,
  geral2: variable,
  geral3: variable,
  geral4: variable,
  geral5: variable,
});

/**
 * The template variables of method 2 (`info_contato`), named as in the API. All are optional strings; unknown names are
 * refused, blank values dropped. The vendor's page spells two of them in two ways, so `endereço` and `país` (in either
 * Unicode form) mean `endereco` and `pais`; both may be given if they are equal.
 */
export const infoContatoSchema = z.preprocess(withComposedNames, fields).transform(canonical);

/** Template variables as a caller writes them. */
export type InfoContato = z.input<typeof fields>;

/** Template variables under their canonical names, none of them empty. */
export type CanonicalInfoContato = Partial<Record<VariableName, string>>;

type VariableName = Exclude<keyof InfoContato, "endereço" | "país">;

/** The canonical names. The same as `talkme.known_variables` of `@talkme/outbox`. */
export const variableNames = fields.omit({ endereço: true, país: true }).keyof().options;
const spellings = [
  ["endereco", "endereço"],
  ["pais", "país"],
] as const;

function canonical(input: InfoContato, context: z.RefinementCtx): CanonicalInfoContato {
  const variables: CanonicalInfoContato = {};
  for (const name of variableNames) {
    const value = input[name];
    if (isFilled(value)) variables[name] = value;
  }
  for (const [name, accented] of spellings) {
    const value = input[accented];
    if (!isFilled(value)) continue;
    if (variables[name] !== undefined && variables[name] !== value) {
      context.addIssue({ code: "custom", path: [accented], message: `must not differ from ${name}` });
    }
    variables[name] = value;
  }
  return variables;
}

function isFilled(value: string | undefined): value is string {
  return value !== undefined && !isBlank(value);
}

/** macOS writes the cedilla of `endereço` as a separate character. */
function withComposedNames(input: InfoContato): unknown {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return input;
  if (Object.keys(input).every((name) => name === name.normalize("NFC"))) return input;
  const composed = new Map<string, unknown>();
  for (const [name, value] of Object.entries(input)) {
    const short = name.normalize("NFC");
    // If the two differ, the longer one stays and is refused by its name.
    const differs = short !== name && Object.hasOwn(input, short) && Reflect.get(input, short) !== value;
    composed.set(differs ? name : short, value);
  }
  return Object.fromEntries(composed);
}
