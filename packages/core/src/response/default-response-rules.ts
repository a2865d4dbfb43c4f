import type { ResponseRule } from "./response-rule.ts";

const failureKeys = ["erro", "erros", "error", "errors", "falha"];
const successKeys = ["success", "sucesso", "ok"];
const statusKeys = ["status", "situacao", "situação", "result", "resultado", "retorno"];
const httpStatusKeys = ["status", "statuscode", "status_code", "http_status", "code", "codigo", "código"];
const messageKeys = [...failureKeys, "mensagem", "message", "msg", "descricao", "description", ...statusKeys];

const notFound = String.raw`\b404\b\W{1,5}not found\b|^\W*no results or wrong parameter`;
const failureWords =
  "(?:erros?|errors?|falha|falhou|fail|failed|failure|exception|invalid|unauthorized|forbidden)";
// Words and prefixes (`inválido`, `inválida`) that begin a failure.
const failure = [
  String.raw`^\W*(?:${failureWords}(?:[^a-z]|$)`,
  "|access denied|n[aã]o foi poss[ií]vel|inv[aá]lid[oa]|par[aâ]metros? inv[aá]lid",
  "|(?:token|acesso|campanha|canal|n[uú]mero) (?:inv[aá]lid|negad|bloquead|n[aã]o encontrad|inexistente)",
  ")",
].join("");
// `erro=0`, `Erros: nenhum.`, `sem erro`: neither a failure nor a success.
const noFailure = [
  String.raw`^\W*${failureWords}["']?\s*[:=|]\s*["']?(?:0|none|nenhum|null|false|n[aã]o)["']?\s*(?:[|.,;&]|$)`,
  String.raw`|^\W*(?:sem|nenhum|nenhuma|no|0) ${failureWords}\W*$`,
].join("");

/**
 * What answers mean unless a user's rule decides. The vendor documents none of it: the statuses are HTTP's, the shapes
 * those that the same family of scripts (`dbdial_webapi.php`) publicly shows elsewhere. Success is a positive list; an
 * answer that no rule matches is `unknown`. A word such as `erro` rejects only at the beginning of the text or under a
 * key for the verdict, because a body may echo the request.
 */
export const defaultResponseRules: readonly ResponseRule[] = [
  // Partial content is not a whole answer.
  { name: "partial content", when: { status: 206 }, outcome: "unknown", code: "response_incomplete" },
  // First, because they decide nearly every answer.
  { name: "figure 1", when: { status: "2xx", says: "one" }, outcome: "accepted" },
  { name: "word of success", when: { status: "2xx", kind: "text", says: "success" }, outcome: "accepted" },
  { name: "JSON says success", when: { status: "2xx", kind: "json", says: "success" }, outcome: "accepted" },
  { name: "protocol", when: { status: "2xx", kind: "text", says: "reference" }, outcome: "accepted" },
  {
    name: "JSON with a reference",
    when: { status: "2xx", kind: "json", says: "reference" },
    outcome: "accepted",
  },

  {
    name: "account refused",
    when: { status: [401, 403] },
    outcome: "not_sent",
    code: "authentication_failed",
  },
  { name: "too many requests", when: { status: 429 }, outcome: "not_sent", code: "rate_limited" },
  { name: "unavailable", when: { status: 503 }, outcome: "not_sent", code: "service_unavailable" },
  { name: "not found", when: { status: 404 }, outcome: "rejected", code: "not_found" },
  { name: "client error", when: { status: "4xx" }, outcome: "rejected", code: "request_rejected" },
  { name: "server error", when: { status: "5xx" }, outcome: "unknown", code: "server_error" },
  { name: "redirect", when: { status: "3xx" }, outcome: "unknown", code: "redirected" },

  {
    name: "404 text",
    when: { status: "2xx", kind: ["text", "html", "broken", "cut"], body: notFound },
    outcome: "rejected",
    code: "not_found",
  },
  {
    name: "404 in JSON",
    when: { status: "2xx", json: { path: messageKeys, matches: notFound } },
    outcome: "rejected",
    code: "not_found",
  },
  {
    name: "JSON status is 404",
    when: { status: "2xx", json: { path: httpStatusKeys, matches: "^404$" } },
    outcome: "rejected",
    code: "not_found",
  },
  { name: "too long", when: { status: "2xx", kind: "cut" }, outcome: "unknown", code: "response_too_long" },
  { name: "nothing", when: { status: "2xx", kind: "empty" }, outcome: "unknown", code: "response_empty" },
  {
    name: "not text",
    when: { status: "2xx", kind: "binary" },
    outcome: "unknown",
    code: "response_not_text",
  },
  { name: "web page", when: { status: "2xx", kind: "html" }, outcome: "unknown", code: "response_html" },

  {
    name: "JSON reports no error, and no success",
    when: { status: "2xx", json: { path: messageKeys, matches: noFailure } },
    outcome: "unknown",
    code: "response_unrecognized",
  },
  {
    name: "JSON error key",
    when: { status: "2xx", json: { path: failureKeys, truthy: true } },
    outcome: "rejected",
    code: "rejected_by_api",
  },
  {
    name: "JSON success key says no",
    when: { status: "2xx", json: { path: successKeys, truthy: false } },
    outcome: "rejected",
    code: "rejected_by_api",
  },
  {
    name: "JSON status is false",
    when: { status: "2xx", json: { path: statusKeys, equals: false } },
    outcome: "rejected",
    code: "rejected_by_api",
  },
  {
    name: "JSON status or message begins with an error",
    when: {
      status: "2xx",
      json: {
        path: messageKeys,
        matches: String.raw`${failure}|^(?:nok|ko|denied|negado|rejected|rejeitado|recusado|inv[aá]lido)\b`,
      },
    },
    outcome: "rejected",
    code: "rejected_by_api",
  },
  {
    name: "JSON status is an HTTP error",
    when: { status: "2xx", json: { path: httpStatusKeys, matches: "^4\\d\\d$" } },
    outcome: "rejected",
    code: "rejected_by_api",
  },
  {
    name: "JSON status is an HTTP server error",
    when: { status: "2xx", json: { path: httpStatusKeys, matches: "^5\\d\\d$" } },
    outcome: "unknown",
    code: "server_error",
  },
  {
    // The script died at an unknown point.
    name: "PHP error text",
    when: {
      status: "2xx",
      kind: "text",
      body: String.raw`^(?:PHP )?(?:fatal error|parse error|warning|notice|deprecated)\s*:`,
    },
    outcome: "unknown",
    code: "server_error",
  },
  {
    name: "text reports no error, and no success",
    when: { status: "2xx", kind: "text", body: noFailure },
    outcome: "unknown",
    code: "response_unrecognized",
  },
  {
    name: "error text",
    when: { status: "2xx", kind: "text", body: failure },
    outcome: "rejected",
    code: "rejected_by_api",
  },
];
