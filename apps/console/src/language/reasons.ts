import type { Language } from "./languages.ts";

type Both = Readonly<Record<Language, string>>;

/** Error codes (docs/errors.md) in a few words; the sentence beside them says more. */
const reasons: Readonly<Record<string, Both>> = {
  invalid_phone: { "pt-BR": "telefone não existe", en: "no such number" },
  invalid_phone_length: { "pt-BR": "telefone com dígitos a mais ou a menos", en: "wrong number of digits" },
  invalid_ddd: { "pt-BR": "DDD não existe", en: "no such DDD" },
  ambiguous_phone: { "pt-BR": "telefone estrangeiro ambíguo", en: "ambiguous foreign number" },
  recipient_mismatch: { "pt-BR": "telefone lido de dois jeitos", en: "number read in two ways" },
  invalid_text: { "pt-BR": "texto com quebra de linha ou tabulação", en: "text with line breaks or tabs" },
  invalid_email: { "pt-BR": "e-mail inválido", en: "invalid e-mail address" },
  invalid_message: { "pt-BR": "mensagem incompleta", en: "malformed message" },
  row_unclaimable: { "pt-BR": "o banco de dados recusa a linha", en: "the database refuses the row" },
  unknown_field: { "pt-BR": "variável desconhecida", en: "unknown variable" },
  missing_recipient: { "pt-BR": "sem telefone nem e-mail", en: "neither number nor address" },
  missing_target: { "pt-BR": "sem campanha nem canal", en: "neither campaign nor channel" },
  wrong_method: {
    "pt-BR": "campo que esta campanha não leva",
    en: "a field that this campaign cannot carry",
  },
  not_found: { "pt-BR": "o Talk.me não encontra a campanha", en: "Talk.me does not find the campaign" },
  request_rejected: { "pt-BR": "recusada pelo Talk.me", en: "refused by Talk.me" },
  rejected_by_api: { "pt-BR": "recusada pelo Talk.me", en: "refused by Talk.me" },
  dns_failed: { "pt-BR": "servidor do Talk.me não encontrado", en: "Talk.me's server was not found" },
  connection_refused: { "pt-BR": "o Talk.me recusou a conexão", en: "Talk.me refused the connection" },
  connect_timeout: { "pt-BR": "sem conexão com o Talk.me", en: "no connection to Talk.me" },
  tls_failed: { "pt-BR": "conexão segura falhou", en: "the secure connection failed" },
  connection_failed: { "pt-BR": "sem conexão com o Talk.me", en: "no connection to Talk.me" },
  connection_lost_before_send: {
    "pt-BR": "a conexão caiu antes de enviar",
    en: "the connection broke before it was sent",
  },
  timeout_before_send: {
    "pt-BR": "o tempo acabou antes de enviar",
    en: "the time ran out before it was sent",
  },
  rate_limited: { "pt-BR": "o Talk.me pediu mais devagar", en: "Talk.me asked for less" },
  service_unavailable: { "pt-BR": "Talk.me fora do ar", en: "Talk.me is down" },
  authentication_failed: { "pt-BR": "o Talk.me recusa a conta", en: "Talk.me refuses the account" },
  timeout: { "pt-BR": "o Talk.me não respondeu a tempo", en: "Talk.me did not answer in time" },
  aborted: { "pt-BR": "o envio foi interrompido", en: "sending was interrupted" },
  connection_lost: {
    "pt-BR": "a conexão caiu no meio do envio",
    en: "the connection broke while it was sent",
  },
  response_incomplete: { "pt-BR": "a resposta veio pela metade", en: "half an answer came" },
  response_malformed: { "pt-BR": "resposta ilegível", en: "an unreadable answer" },
  answer_out_of_step: {
    "pt-BR": "resposta talvez de outra mensagem",
    en: "perhaps another message's answer",
  },
  redirected: { "pt-BR": "o Talk.me mandou para outro endereço", en: "Talk.me redirected" },
  server_error: { "pt-BR": "erro no Talk.me", en: "an error in Talk.me" },
  response_empty: { "pt-BR": "resposta vazia", en: "an empty answer" },
  response_html: { "pt-BR": "respondeu uma página, não o Talk.me", en: "a web page answered, not Talk.me" },
  response_unrecognized: {
    "pt-BR": "resposta que não entendemos",
    en: "an answer that we do not understand",
  },
  instance_lost: { "pt-BR": "o servidor de envio caiu", en: "the sending server died" },
  history_changed: { "pt-BR": "o banco de dados foi restaurado", en: "the database was restored" },
  expired: { "pt-BR": "o prazo acabou", en: "its time ran out" },
  suppressed: { "pt-BR": "a pessoa pediu para não receber", en: "the person wants no messages" },
  forgotten: { "pt-BR": "dados apagados a pedido", en: "erased on request" },
  outside_window: { "pt-BR": "fora do horário", en: "outside its window" },
  recipient_gap: { "pt-BR": "a pessoa recebeu outra há pouco", en: "the person just got another" },
  batch_paused: { "pt-BR": "lista em pausa", en: "its list is paused" },
  held: { "pt-BR": "alguém a reteve", en: "held by somebody" },
  held_burst: { "pt-BR": "retida: gente demais de uma vez", en: "held: too many at once" },
  held_duplicate: { "pt-BR": "retida: a mesma mensagem duas vezes", en: "held: the same message twice" },
};

/** Rows without a code: nothing went wrong, somebody wanted it so. */
const somebody: Both = { "pt-BR": "alguém decidiu", en: "somebody decided" };

/** A code in words; a code that is new here is shown as it is. */
export function reasonText(code: string | null, language: Language): string {
  return code === null ? somebody[language] : (reasons[code]?.[language] ?? code);
}
