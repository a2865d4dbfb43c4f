import type { SentFacts } from "./answer.ts";
import { isEcho } from "./is-echo.ts";
import { isTruthy } from "./json-lookup.ts";
import { keyMeaning, type KeyMeaning } from "./json-keys.ts";
import { isEnvelope } from "./json-views.ts";
import type { Json } from "./parse-json.ts";
import { readText } from "./read-text.ts";
import { hasRefusal } from "./refusal-words.ts";
import type { Saying } from "./says.ts";
import { echoMark, stripEchoes } from "./strip-echoes.ts";

const mostValues = 500;
const mostDepth = 16;
const longestText = 2048;
const longestReference = 128;
const yes: ReadonlySet<string> = new Set(["1", "true", "s", "sim", "y", "yes"]);
const harmlessCodes: ReadonlySet<string> = new Set(["0", "00", "000", "1", "200", "201", "202"]);
const doneCodes: ReadonlySet<string> = new Set(["200", "201", "202"]);

/**
 * What a JSON answer says, unless any field says or may say that something went wrong; then null. Evidence counts only at
 * the top or within a wrapper.
 */
export function readJson(root: Json, sent: SentFacts | undefined): Saying | null {
  const reader = new JsonReader(sent);
  return reader.take(root, "other", true, 0) ? reader.saying : null;
}

class JsonReader {
  readonly #sent: SentFacts | undefined;
  #values = 0;
  #succeeds = false;
  #reference: string | null = null;

  constructor(sent: SentFacts | undefined) {
    this.#sent = sent;
  }

  get saying(): Saying {
    const says = this.#succeeds ? "success" : this.#reference === null ? null : "reference";
    return { says, reference: this.#reference };
  }

  /** False if the value may say that something went wrong. */
  take(value: Json, meaning: KeyMeaning, counts: boolean, depth: number): boolean {
    this.#values += 1;
    if (this.#values > mostValues || depth > mostDepth) return false;
    if (meaning === "echo") return true;
    if (value === null || typeof value !== "object") return this.#takeScalar(value, meaning, counts);
    const entries = Object.entries(value);
    if (meaning === "failure") return entries.length === 0;
    if (entries.length === 0) return !saysNoByNothing.has(meaning);
    if (Array.isArray(value)) {
      return entries.every(([, item]) => this.take(item, meaning, counts, depth + 1));
    }
    return entries.every(([key, inner]) => {
      const isInside = counts && (isScalar(inner) || isEnvelope(key));
      return this.take(inner, keyMeaning(key), isInside, depth + 1);
    });
  }

  #takeScalar(value: Scalar, meaning: KeyMeaning, counts: boolean): boolean {
    switch (meaning) {
      case "echo":
        return true;
      case "failure":
        return !isTruthy(value);
      case "success":
      case "result":
        return this.#takeVerdict(value, meaning === "result", counts);
      case "reference":
        return this.#takeReference(value, counts);
      case "code":
        return value === null || harmlessCodes.has(String(value)) || this.#read(value)?.says === "success";
      case "message":
        return this.#takeMessage(value, counts);
      case "done":
        return isTruthy(value) && isHarmless(value);
      case "flag":
        return value === null || value === "" || (isTruthy(value) && isHarmless(value));
      case "other":
        return isHarmless(value);
    }
  }

  #takeVerdict(value: Scalar, mayBeProtocol: boolean, counts: boolean): boolean {
    const text = String(value).trim().toLowerCase();
    if (doneCodes.has(text)) return true;
    if (value === true || yes.has(text)) {
      this.#succeeds ||= counts;
      return true;
    }
    const read = this.#read(value);
    if (read?.says === "one" || read?.says === "success") {
      this.#note(read, counts);
      return true;
    }
    if (!mayBeProtocol || read?.says !== "reference") return false;
    if (counts) this.#reference ??= read.reference;
    return true;
  }

  #takeReference(value: Scalar, counts: boolean): boolean {
    if (value === null) return true;
    if (typeof value === "boolean") return false;
    const text = String(value).trim();
    if (!/\d/.test(text) || /^(?:-|[0.]+$|404$)/.test(text)) return false;
    if (text.length > longestReference || hasRefusal(text)) return false;
    if (counts && !isEcho(text.replace(/\D/g, ""), this.#sent)) this.#reference ??= text;
    return true;
  }

  #takeMessage(value: Scalar, counts: boolean): boolean {
    if (value === null || value === "") return true;
    if (typeof value !== "string") return isTruthy(value) && isHarmless(value);
    const read = this.#read(value);
    if (read === null) return false;
    if (read.says === "success") this.#note(read, counts);
    return true;
  }

  #note({ reference }: Saying, counts: boolean): void {
    if (!counts) return;
    this.#succeeds = true;
    this.#reference ??= reference;
  }

  #read(value: Scalar): Saying | null {
    const text = String(value);
    return text.length > longestText ? null : readText(stripEchoes(text.trim(), echoMark), this.#sent);
  }
}

const saysNoByNothing: ReadonlySet<KeyMeaning> = new Set(["success", "result", "done", "flag"]);

type Scalar = string | number | boolean | null;

function isScalar(value: Json): value is Scalar {
  return value === null || typeof value !== "object";
}

/** No `false`, nothing below zero, and no word that refuses. */
function isHarmless(value: Scalar): boolean {
  if (typeof value === "string") return value.length <= longestText && !hasRefusal(stripEchoes(value));
  return typeof value === "number" ? value >= 0 : value !== false;
}
