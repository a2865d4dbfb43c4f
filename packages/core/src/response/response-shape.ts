import type { Answer } from "./answer.ts";
import { hasDuplicateKeys } from "./duplicate-keys.ts";
import { jsonViews, unwrapJson } from "./json-views.ts";
import { matchedCharacters } from "./matched-characters.ts";
import { parseJson } from "./parse-json.ts";
import type { Json } from "./parse-json.ts";
import { readJson } from "./read-json.ts";
import { readText } from "./read-text.ts";
import type { Saying } from "./says.ts";
import { echoMark, stripEchoes } from "./strip-echoes.ts";

/**
 * What a body is, by its content: PHP says `text/html` of everything. A JSON text or number, wrapped or not,
 * is `text`; a body that holds nothing once echoes of the request are taken out is `empty`. What begins as JSON
 * and does not parse is `broken`, and what is longer than 64 KiB is `cut`.
 */
export const bodyKinds = ["empty", "binary", "html", "json", "text", "broken", "cut"] as const;
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
  /** What it says clearly; null where any part of it is not known. */
  readonly saying: () => Saying | null;
}

// `<br>` separates the rows of a list, so it does not make a web page.
const rowBreak = /<br\s*\/?>/gi;
const markup = /<(?:!doctype|!--|\?xml|\/?[a-z])/i;
const tag = /<[^<>]*>?/g;

/** Finds out what a body is. Throws nothing. */
export function responseShape(answer: Answer): ResponseShape {
  const { body, isText = true, isCut = false } = answer;
  if (!isText) return { kind: "binary", text: "", json: [], saying: nothing };
  const trimmed = body.trim();
  if (isCut) return { kind: "cut", text: matchable(trimmed), json: [], saying: nothing };
  const json = parseJson(trimmed);
  if (json !== undefined) return jsonShape(json, trimmed, answer);
  if (/^[{["]/.test(trimmed)) return { kind: "broken", text: matchable(trimmed), json: [], saying: nothing };
  return textShape(trimmed, answer);
}

function jsonShape(json: Json, body: string, { sent }: Answer): ResponseShape {
  const content = unwrapJson(json);
  if (content === null) return emptyShape;
  const unlessTwice = (read: () => Saying | null) => () => (hasDuplicateKeys(body, json) ? null : read());
  if (typeof content !== "object") {
    const shape = textShape(String(content), { sent });
    return { ...shape, saying: once(unlessTwice(shape.saying)) };
  }
  if (Object.keys(content).length === 0) return emptyShape;
  const saying = once(unlessTwice(() => readJson(json, sent)));
  return { kind: "json", text: matchable(body), json: jsonViews(json), saying };
}

function textShape(body: string, { sent }: Pick<Answer, "sent">): ResponseShape {
  const rows = body.replace(rowBreak, "\n");
  if (markup.test(rows)) {
    return { kind: "html", text: matchable(rows.replace(tag, " ")), json: [], saying: nothing };
  }
  const text = matchable(rows);
  if (text === "" || text === "null") return emptyShape;
  const saying = (): Saying | null => {
    const marked = matchable(rows, echoMark);
    // What was not looked at may say anything.
    return rows.length > 4 * matchedCharacters || marked.length >= matchedCharacters
      ? null
      : readText(marked, sent);
  };
  return { kind: "text", text, json: [], saying: once(saying) };
}

function nothing(): null {
  return null;
}

const emptyShape: ResponseShape = { kind: "empty", text: "", json: [], saying: nothing };

/** Cut before it is searched: stripping and collapsing are linear, and rules may be many. */
function matchable(text: string, mark?: string): string {
  return stripEchoes(text.slice(0, 4 * matchedCharacters), mark)
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, matchedCharacters);
}

/** Reads at the first question: most answers are decided before anybody asks, or asked by several rules. */
function once(read: () => Saying | null): () => Saying | null {
  let said: Saying | null | undefined;
  return () => {
    if (said === undefined) said = read();
    return said;
  };
}
