import type { Campaigns } from "./campaigns.ts";
import { envioWhatsSimplesSpellings, readEnvioWhatsSimples } from "./envio-whats-simples.ts";
import { insereWhatsSimples, readInsereWhatsSimples } from "./insere-whats-simples.ts";
import type { Message } from "./message.ts";
import { isNumero } from "./phone-number.ts";
import { queryParameter, type ApiRequest } from "./api-request.ts";
import { Refusal } from "./refusal.ts";

const email = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/**
 * Reads a request of either method, by the strictest reading of the vendor's page.
 *
 * @throws {Refusal} for its first problem.
 */
export function readMessage(request: ApiRequest, idCliente: string, campaigns: Campaigns): Message {
  const message = readFields(request, idCliente);
  if (message.numeroDest === null && message.emailDest === null) {
    throw new Refusal("missing-recipient", "neither a number nor an e-mail address to send to");
  }
  if (message.numeroDest !== null && !isNumero(message.numeroDest)) {
    throw new Refusal(
      "invalid-number",
      "the number is neither DDD + number, 10 or 11 digits, nor an international one, country code first",
    );
  }
  if (message.emailDest !== null && !email.test(message.emailDest)) {
    throw new Refusal("invalid-email", "email_dest is not an e-mail address");
  }
  if (message.idCampanha === null && message.idWpp === null) {
    throw new Refusal("missing-target", "neither id_campanha nor id_wpp");
  }
  campaigns.admit(message);
  return message;
}

function readFields(request: ApiRequest, idCliente: string): Message {
  const acao = queryParameter(request.query, "acao");
  switch (acao) {
    case insereWhatsSimples:
      requireMethod("GET", request);
      return readInsereWhatsSimples(request, idCliente);
    case envioWhatsSimplesSpellings[0]:
    case envioWhatsSimplesSpellings[1]:
      requireMethod("POST", request);
      return readEnvioWhatsSimples(request, acao, idCliente);
    case null:
    default:
      throw new Refusal("unknown-acao", "acao names no action that the API has");
  }
}

function requireMethod(method: "GET" | "POST", request: ApiRequest): void {
  if (request.method !== method) throw new Refusal("wrong-method", `this acao is a ${method}`);
}
