import { envioWhatsSimplesSpellings } from "../api/envio-whats-simples.ts";
import { insereWhatsSimples } from "../api/insere-whats-simples.ts";
import type { AnsweredRequest } from "../server/answered-request.ts";

const knownActions: ReadonlySet<string> = new Set([insereWhatsSimples, ...envioWhatsSimplesSpellings]);

/**
 * One line for a request: `#12 POST envio_whats_simples_v2 11*******77 campaign=5 accepted, answered 200 protocol`.
 * Masks the recipient, and leaves out what could contain a token, such as an unknown `acao`.
 */
export function requestLine(request: AnsweredRequest): string {
  const { ordinal, method, acao, idCampanha, idWpp, accepted, answered, status, reason } = request;
  const words = [
    `#${ordinal}`,
    method,
    acao !== null && knownActions.has(acao) ? acao : "?",
    maskRecipient(request),
    ...(idCampanha === null ? [] : [`campaign=${idCampanha}`]),
    ...(idWpp === null ? [] : [`channel=${idWpp}`]),
    accepted ? "accepted," : "not accepted,",
    status === null ? "no answer" : `answered ${status}`,
    answered,
  ];
  return `${words.join(" ")}${reason === null ? "" : ` (${reason})`}`;
}

function maskRecipient({ numero, email }: AnsweredRequest): string {
  if (numero !== null) return maskMiddle(numero);
  if (email !== null) return `${email.slice(0, 1)}***`;
  return "-";
}

/** The area code and the last two digits; hides shorter texts whole. */
function maskMiddle(numero: string): string {
  const hidden = numero.length - 4;
  return hidden < 4 || !/^\d+$/.test(numero)
    ? "***"
    : `${numero.slice(0, 2)}${"*".repeat(hidden)}${numero.slice(-2)}`;
}
