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
 * The kind of a body by its content, because PHP labels everything `text/html`. A JSON text or number, wrapped or not, is
 * `text`; a body with nothing but echoes of the request is `empty`; what begins as JSON but does not parse is `broken`;
 * what is longer than 64 KiB is `cut`.
 */
export const bodyKinds = ["empty", "binary", "html", "json", "text", "broken", "cut"] as const;
type BodyKind = (typeof bodyKinds)[number];

/** A body as rules match it. */
export interface ResponseShape {
  readonly kind: BodyKind;
  /**
   * The text that regular expressions are matched against: without URLs, query strings and tags, white space
   * collapsed, at most `matchedCharacters`.
   */
  readonly text: string;
  /** The parsed body and what is wrapped in it, outermost first; empty unless `kind` is `json`. */
  readonly json: readonly Json[];
  /** What it says clearly; null if any part is unknown. */
  readonly saying: () => Saying | null;
}

// `<br>` separates the rows of a list, so it does not make a web page.
const rowBreak = /<br\s*\/?>/gi;
const markup = /<(?:!doctype|!--|\?xml|\/?[a-z])/i;
const tag = /<[^<>]*>?/g;

/** Determines the kind of a body. Throws nothing. */
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
    // The part that was not looked at may say anything.
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

/** Cut before matching, because there may be many rules. */
function matchable(text: string, mark?: string): string {
  return stripEchoes(text.slice(0, 4 * matchedCharacters), mark)
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, matchedCharacters);
}

/** Computed at first use and kept: most answers need none of it, others need it for several rules. */
function once(read: () => Saying | null): () => Saying | null {
  let said: Saying | null | undefined;
  return () => {
    if (said === undefined) said = read();
    return said;
  };
}
