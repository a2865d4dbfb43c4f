import type { Answer } from "./answer.ts";
import { jsonViews, unwrapJson } from "./json-views.ts";
import { parseJson } from "./parse-json.ts";
import type { Json } from "./parse-json.ts";
import { stripEchoes } from "./strip-echoes.ts";

/**
 * What a body is, by its content: PHP says `text/html` of everything. A JSON text or number, wrapped or not,
 * is `text`; a body that holds nothing once echoes of the request are taken out is `empty`.
 */
export const bodyKinds = ["empty", "binary", "html", "json", "text"] as const;
type BodyKind = (typeof bodyKinds)[number];

/** A body, seen as rules match it. */
export interface ResponseShape {
  readonly kind: BodyKind;
  /**
   * The text that regular expressions are matched against: without URLs, query strings and tags, white space
   * collapsed, at most `matchedCharacters`.
   */
  readonly text: string;
  /** The parsed body and what is wrapped in it, outermost first; empty unless `kind` is `json`. */
  readonly json: readonly Json[];
}

/** Bounds the time that a regular expression takes. */
export const matchedCharacters = 2048;

// `<br>` separates the rows of a list, so it does not make a web page.
const rowBreak = /<br\s*\/?>/gi;
const markup = /<(?:!doctype|!--|\?xml|\/?[a-z])/i;
const tag = /<[^<>]*>?/g;

/** Finds out what a body is. Throws nothing. */
export function responseShape({ body, isText = true }: Answer): ResponseShape {
  if (!isText) return { kind: "binary", text: "", json: [] };
  const trimmed = body.trim();
  const json = parseJson(trimmed);
  return json === undefined ? textShape(trimmed) : jsonShape(json, trimmed);
}

function jsonShape(json: Json, body: string): ResponseShape {
  const content = unwrapJson(json);
  if (content === null) return emptyShape;
  if (typeof content !== "object") return textShape(String(content));
  if (Object.keys(content).length === 0) return emptyShape;
  return { kind: "json", text: matchable(body), json: jsonViews(json) };
}

function textShape(body: string): ResponseShape {
  const rows = body.replace(rowBreak, "\n");
  if (markup.test(rows)) return { kind: "html", text: matchable(rows.replace(tag, " ")), json: [] };
  const text = matchable(rows);
  return text === "" || text === "null" ? emptyShape : { kind: "text", text, json: [] };
}

const emptyShape: ResponseShape = { kind: "empty", text: "", json: [] };

/** Cut before it is searched: stripping and collapsing are linear, what rules do with the rest may not be. */
function matchable(text: string): string {
  return stripEchoes(text.slice(0, 4 * matchedCharacters))
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, matchedCharacters);
}
