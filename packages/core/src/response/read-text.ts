import type { SentFacts } from "./answer.ts";
import { isEcho } from "./is-echo.ts";
import type { ClearAnswer, Saying } from "./says.ts";
import { textTokens, type TextToken } from "./text-tokens.ts";
import { neutralWords, otherLabels, referenceLabels, successWords } from "./vocabulary.ts";

const success: ReadonlySet<string> = new Set(successWords);
const neutral: ReadonlySet<string> = new Set(neutralWords);
const one: Saying = { says: "one", reference: null };
const longestToken = 128;
/** Words allowed between a label and its number: `protocolo de envio: 987654`. */
const beforeNumbers: ReadonlySet<string> = new Set(["de", "do", "da", "envio"]);
const shortestProtocol = 5;
const longestKnown = 100;
const mostKnown = 200;
const known = new Map<string, Saying | null>();

/**
 * What a text says, if every word of it is known; otherwise null. Text after an echo of the request is no evidence,
 * because the echo may extend further than it seems.
 */
export function readText(text: string, sent: SentFacts | undefined): Saying | null {
  if (text === "1") return one;
  // An empty first field may be a missing verdict.
  if (text.startsWith("|")) return null;
  // The API has few sentences. One without a number does not depend on the request.
  const isSentence = text.length <= longestKnown && !/\d/.test(text);
  const before = isSentence ? known.get(text) : undefined;
  if (before !== undefined) return before;
  const tokens = textTokens(text);
  const read = tokens === null ? null : new TextReader(tokens, text, sent).read();
  if (isSentence && known.size < mostKnown) known.set(text, read);
  return read;
}

class TextReader {
  readonly #tokens: readonly TextToken[];
  readonly #hasFields: boolean;
  readonly #written: string;
  readonly #sent: SentFacts | undefined;
  #says: ClearAnswer | null = null;
  #reference: string | null = null;
  #echoed = false;
  #onlyNumbers = true;
  /** The word that names the number which follows. */
  #label = "";

  constructor(tokens: readonly TextToken[], written: string, sent: SentFacts | undefined) {
    this.#tokens = tokens;
    this.#hasFields = written.includes("|");
    this.#written = written;
    this.#sent = sent;
  }

  read(): Saying | null {
    let before: TextToken | undefined;
    for (const token of this.#tokens) {
      if (!this.#take(token, before)) return null;
      before = token;
    }
    return { says: this.#says, reference: this.#reference };
  }

  /** False for an unknown part. */
  #take(token: TextToken, before: TextToken | undefined): boolean {
    const label = this.#label;
    if (token.kind !== "letters") this.#label = "";
    switch (token.kind) {
      case "letters":
        this.#onlyNumbers = false;
        if (!beforeNumbers.has(token.text)) this.#label = token.text;
        if (success.has(token.text)) return this.#evidence("success");
        return neutral.has(token.text);
      case "digits":
        return this.#takeDigits(token, label, before === undefined);
      case "mixed": {
        const isNamed = referenceLabels.has(label) || (this.#hasFields && token.beginsField);
        if (!isNamed || !isIdentifier(token.text)) return false;
        this.#reference ??= this.#asWritten(token.text);
        return true;
      }
      case "echo":
        this.#echoed = true;
        return true;
      case "time":
      case "phone":
        return true;
    }
  }

  #takeDigits({ text: digits, beginsField }: TextToken, label: string, isFirst: boolean): boolean {
    if (/^0+$/.test(digits) || digits.length > longestToken) return false;
    if (otherLabels.has(label)) return true;
    if (digits === "1" && !referenceLabels.has(label)) {
      return isFirst && this.#hasFields ? this.#evidence("one") : true;
    }
    if (isEcho(digits, this.#sent)) return true;
    if (referenceLabels.has(label)) {
      this.#reference ??= digits;
      return digits.length < shortestProtocol || this.#evidence("reference");
    }
    if (isDate(digits)) return true;
    const isShortField = this.#hasFields && beginsField && digits.length === shortestProtocol - 1;
    if (!isShortField && !isProtocol(digits)) return false;
    this.#reference ??= digits;
    return this.#onlyNumbers && !isShortField ? this.#evidence("reference") : true;
  }

  /** Words before numbers, and a figure 1 before both. */
  #evidence(says: ClearAnswer): true {
    if (!this.#echoed && (this.#says === null || this.#says === "reference")) this.#says = says;
    return true;
  }

  #asWritten(token: string): string {
    const at = this.#written.toLowerCase().indexOf(token);
    return at < 0 ? token : this.#written.slice(at, at + token.length);
  }
}

/** Too long for a code of HTTP, MySQL or SQL; only long references begin with zeros. */
function isProtocol(digits: string): boolean {
  if (digits.length < shortestProtocol) return false;
  if (digits.startsWith("0") && digits.length < 10) return false;
  return !/^(?:2[2358]|4[02])\d{3}$/.test(digits) && !whatsappError.test(digits);
}

/**
 * The errors of WhatsApp's own API, which a script may pass on: `131026` is a number without WhatsApp. One by one, because a
 * protocol that is counted up must not become unknown five times in a row.
 * https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
 */
const whatsappError = new RegExp(
  [
    "^(?:80007|130(?:429|472|497)|131(?:00[0589]|016|02[16]|031|037|04[25789]|05[1-35-7])",
    "|132(?:00[0157]|01[256]|06[89])|133(?:00[04-689]|01[056])|134(?:011|10[0-2])|135000)$",
  ].join(""),
);

const year = String.raw`20[2-4]\d`;
const month = "(?:0[1-9]|1[0-2])";
const day = String.raw`(?:0[1-9]|[12]\d|3[01])`;
const date = new RegExp(
  String.raw`^(?:${year}${month}${day}(?:[0-2]\d(?:[0-5]\d){0,2})?|${day}${month}${year})$`,
);

/** `20261130`, `30112026` or `20261130235959`. */
function isDate(digits: string): boolean {
  return date.test(digits);
}

/** Letters and digits of which no run of letters is long enough to be a word; or hexadecimal. */
function isIdentifier(token: string): boolean {
  if (token.length > longestToken) return false;
  if (/^(?=.*\d.*\d)[0-9a-f-]{16,}$/.test(token)) return true;
  return (token.match(/[a-z]+/g) ?? []).every((run) => run.length <= 2 && !shortRefusals.has(run));
}

const shortRefusals: ReadonlySet<string> = new Set(["no", "ko", "na", "ng"]);
