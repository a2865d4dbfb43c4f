import type { Message } from "./message.ts";
import { queryParameter, type ApiRequest } from "./api-request.ts";
import { Refusal } from "./refusal.ts";

export const insereWhatsSimples = "insere_whats_simples";

const positiveInteger = /^[1-9]\d{0,14}$/;

/**
 * Reads method 1, a template without variables: GET, everything in the query.
 *
 * @throws {Refusal} if an identifier is not a positive integer.
 */
export function readInsereWhatsSimples({ query }: ApiRequest, idCliente: string): Message {
  return {
    acao: insereWhatsSimples,
    idCliente,
    numeroDest: queryParameter(query, "num_dest"),
    emailDest: null,
    idCampanha: readId("id_campanha", queryParameter(query, "id_campanha")),
    idWpp: readId("id_wpp", queryParameter(query, "id_wpp")),
    txtmsg: queryParameter(query, "txtmsg"),
    assunto: null,
    infoContato: null,
  };
}

function readId(name: string, value: string | null): number | null {
  if (value === null) return null;
  if (!positiveInteger.test(value)) throw new Refusal("wrong-type", `${name} must be a positive integer`);
  return Number(value);
}
