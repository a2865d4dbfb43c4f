import type { Json } from "./parse-json.ts";

const envelopes = new Set(["data", "dados", "result", "resultado", "retorno", "response", "resposta"]);
const actionName = /whats|^(?:insere|envio|envia)_/i;
const aboutMessages = /^(?:messages?|mensage(?:m|ns)|envios?)$/i;
const mostViews = 8;

/**
 * Unwraps a JSON answer. This family of scripts answers some actions with `{"<action>": ...}` or a list of one, with a
 * structure, text or number inside. Bounded, whatever the answer's depth.
 */
export function unwrapJson(root: Json): Json {
  let value = root;
  for (let depth = 0; depth < mostViews; depth += 1) {
    const inner = onlyContent(value);
    if (inner === undefined) break;
    value = inner;
  }
  return value;
}

function onlyContent(value: Json): Json | undefined {
  if (value === null || typeof value !== "object") return undefined;
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) return undefined;
  const [key, content] = entry;
  return Array.isArray(value) || actionName.test(key) ? content : undefined;
}

/**
 * The structures that may contain a JSON answer's verdict, outermost first: the answer, what it wraps, and the values of
 * a few customary envelopes.
 */
export function jsonViews(root: Json): readonly Json[] {
  const views: Json[] = [root];
  for (let index = 0; index < views.length && views.length < mostViews; index += 1) {
    views.push(...enclosed(views[index] ?? null).slice(0, mostViews - views.length));
  }
  return views;
}

/** Whether a key is a customary envelope, whose contents speak for the whole answer. */
export function isEnvelope(key: string): boolean {
  return envelopes.has(key.toLowerCase()) || aboutMessages.test(key) || actionName.test(key);
}

function enclosed(value: Json): Json[] {
  if (value === null || typeof value !== "object") return [];
  const entries: [string, Json][] = Object.entries(Array.isArray(value) ? value.slice(0, 1) : value);
  return entries
    .filter(([key]) => entries.length === 1 || envelopes.has(key.toLowerCase()))
    .map(([, inner]) => inner)
    .filter((inner) => inner !== null && typeof inner === "object");
}
