import { readContactFields } from "./contact-fields.ts";
import type { Message } from "./message.ts";
import type { ApiRequest } from "./api-request.ts";
import { Refusal } from "./refusal.ts";

/** The vendor's page has both spellings: the first in the example URI, the second in the table beside it. */
export const envioWhatsSimplesSpellings = ["envio_whats_simples_v2", "envio_simples_whats_v2"] as const;

const knownFields: ReadonlySet<string> = new Set([
  "txtmsg",
  "id_wpp",
  "email_dest",
  "numero_dest",
  "id_campanha",
  "assunto",
  "info_contato",
]);

/**
 * Reads method 2, a template with variables: POST, a JSON object.
 *
 * @throws {Refusal} for a body that is not a JSON object, an unknown field, or a value of the wrong JSON type.
 */
export function readEnvioWhatsSimples({ body }: ApiRequest, acao: string, idCliente: string): Message {
  if (body.kind !== "json") throw new Refusal("not-json", "the body is not JSON in UTF-8");
  const { value } = body;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal("not-json", "the body must be a JSON object");
  }
  for (const key of Object.keys(value)) {
    if (!knownFields.has(key))
      throw new Refusal("unknown-field", "the body has a field that the API does not know");
  }
  const fields: Record<string, unknown> = { ...value };
  return {
    acao,
    idCliente,
    numeroDest: readText(fields, "numero_dest") || null,
    emailDest: readText(fields, "email_dest") || null,
    idCampanha: readId(fields, "id_campanha"),
    idWpp: readId(fields, "id_wpp"),
    txtmsg: readText(fields, "txtmsg"),
    assunto: readText(fields, "assunto"),
    infoContato: fields["info_contato"] === undefined ? {} : readContactFields(fields["info_contato"]),
  };
}

function readText(fields: Record<string, unknown>, name: string): string | null {
  const value = fields[name];
  if (value === undefined) return null;
  if (typeof value !== "string") throw new Refusal("wrong-type", `${name} must be a JSON string`);
  return value;
}

function readId(fields: Record<string, unknown>, name: string): number | null {
  const value = fields[name];
  if (value === undefined) return null;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 1) {
    throw new Refusal("wrong-type", `${name} must be a JSON number, a positive integer`);
  }
  return value;
}
