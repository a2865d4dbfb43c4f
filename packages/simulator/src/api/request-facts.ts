import { nationalNumero } from "./phone-number.ts";
import { queryParameter, type ApiRequest } from "./api-request.ts";

/** What a request claims, valid or not: fault rules match it and log lines show it. */
export interface RequestFacts {
  readonly acao: string | null;
  readonly idCliente: string | null;
  /** Without Brazil's 55. */
  readonly numero: string | null;
  readonly email: string | null;
  readonly idCampanha: number | null;
  readonly idWpp: number | null;
}

export function requestFacts(request: ApiRequest): RequestFacts {
  const { query, body } = request;
  const acao = queryParameter(query, "acao");
  const idCliente = queryParameter(query, "id_cliente");
  if (body.kind !== "json") {
    return {
      acao,
      idCliente,
      numero: numeroFact(queryParameter(query, "num_dest")),
      email: null,
      idCampanha: idFact(Number(queryParameter(query, "id_campanha") ?? Number.NaN)),
      idWpp: idFact(Number(queryParameter(query, "id_wpp") ?? Number.NaN)),
    };
  }
  const fields: Record<string, unknown> =
    typeof body.value === "object" && body.value !== null ? { ...body.value } : {};
  return {
    acao,
    idCliente,
    numero: numeroFact(fields["numero_dest"]),
    email: typeof fields["email_dest"] === "string" ? fields["email_dest"] : null,
    idCampanha: idFact(fields["id_campanha"]),
    idWpp: idFact(fields["id_wpp"]),
  };
}

function numeroFact(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? nationalNumero(value) : null;
}

function idFact(value: unknown): number | null {
  return Number.isSafeInteger(value) ? Number(value) : null;
}
