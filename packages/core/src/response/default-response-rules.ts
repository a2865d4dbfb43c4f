import type { ResponseRule } from "./response-rule.ts";

const failureKeys = ["erro", "erros", "error", "errors", "falha"];
const successKeys = ["success", "sucesso", "ok"];
const statusKeys = ["status", "situacao", "situação", "result", "resultado", "retorno"];
const httpStatusKeys = ["status", "statuscode", "status_code", "http_status"];
const messageKeys = [...failureKeys, "mensagem", "message", "msg", "descricao", "description", ...statusKeys];
const jsonReferences =
  "id protocolo protocol reference referencia referência id_mensagem id_envio message_id messageid mensagem_id uuid";
const referenceKeys = jsonReferences.split(" ");

const notFound = String.raw`\b404\b\W{1,5}not found\b|^\W*no results or wrong parameter`;
// Words that a failure begins with, and openings that go on (`inválido`, `inválida`). `erro=0` reports no failure.
const failure = [
  String.raw`^\W*(?:`,
  String.raw`(?:erros?|errors?|falha|falhou|fail|failed|failure|exception|invalid|unauthorized|forbidden)(?![a-z])`,
  String.raw`(?!["']?\s*[:=]\s*["']?(?:0|none|nenhum|null|false|n[aã]o)["']?\s*(?:[|,;&]|$))`,
  "|access denied|n[aã]o foi poss[ií]vel|inv[aá]lid[oa]|par[aâ]metros? inv[aá]lid",
  "|(?:token|acesso|campanha|canal|n[uú]mero) (?:inv[aá]lid|negad|bloquead|n[aã]o encontrad|inexistente)",
  ")",
].join("");

/**
 * What answers mean unless a user's rule says otherwise. The vendor documents none of it: the statuses are
 * HTTP's, the shapes are those that the same family of scripts (`dbdial_webapi.php`) publicly shows
 * elsewhere. A word such as `erro` counts only where an answer's own verdict stands, at the beginning of the
 * text or under a key for it, because a body may echo the request.
 */
export const defaultResponseRules: readonly ResponseRule[] = [
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
    when: { status: "2xx", kind: ["text", "html"], body: notFound },
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
  { name: "nothing", when: { status: "2xx", kind: "empty" }, outcome: "unknown", code: "response_empty" },
  {
    name: "not text",
    when: { status: "2xx", kind: "binary" },
    outcome: "unknown",
    code: "response_not_text",
  },
  { name: "web page", when: { status: "2xx", kind: "html" }, outcome: "unknown", code: "response_html" },

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
    // The script died, and there is no telling how far it came.
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
    name: "error text",
    when: { status: "2xx", kind: "text", body: failure },
    outcome: "rejected",
    code: "rejected_by_api",
  },
  {
    // Success is `1` in this family, so these are most likely failures; nobody has documented that they are.
    name: "bare no",
    when: {
      status: "2xx",
      kind: "text",
      body: String.raw`^(?:0|-\d+|false|no|n[aã]o|nok|null|undefined)(?:\s*\|.*)?$`,
    },
    outcome: "unknown",
    code: "response_unrecognized",
  },

  {
    name: "JSON",
    when: { status: "2xx", kind: "json" },
    outcome: "accepted",
    referenceJson: referenceKeys,
  },
  {
    name: "protocol number",
    when: { status: "2xx", kind: "text", body: String.raw`^\d{4,}$|^\d{10,}(?!\S)` },
    outcome: "accepted",
    reference: String.raw`^\d+`,
  },
  {
    name: "flag and fields",
    when: { status: "2xx", kind: "text", body: String.raw`^(?:1|ok|true|sucesso|success)\s*\|` },
    outcome: "accepted",
    reference: String.raw`\|\s*([\w.-]*\d[\w.-]*)`,
  },
  {
    name: "rows under their names",
    when: { status: "2xx", kind: "text", body: String.raw`^id\s*\|` },
    outcome: "accepted",
    reference: String.raw`^id\s*\|[a-z_| ]*\s([\w.-]*\d[\w.-]*)\s*\|`,
  },
  {
    name: "id and fields",
    when: { status: "2xx", kind: "text", body: String.raw`^[\w.-]*\d[\w.-]*\s*\|` },
    outcome: "accepted",
    reference: String.raw`^([\w.-]+)\s*\|`,
  },
  {
    name: "any other text",
    when: { status: "2xx", kind: "text" },
    outcome: "accepted",
    reference: String.raw`\b(?:protocolo|protocol|id|refer[eê]ncia|reference)\b\s*[:=#nº°.]*\s*([\w.-]*\d[\w.-]*)`,
  },
];
