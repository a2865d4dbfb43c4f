import { characterForms } from "./character-forms.ts";
import { encodedForms } from "./encoded-forms.ts";

const replacement = "[redacted]";
const shortestTail = 4;

/** Fewer characters of an encoded secret reveal nothing. */
const shortestEncodedTail = 6;

/**
 * Replaces every occurrence of a secret by `[redacted]`, in any form that an answer may echo: plain, in another case,
 * percent-encoded (repeatedly, wholly or in part), with `+` for spaces, escaped for JSON, JavaScript or HTML, in
 * quoted-printable, or as a whole in base64 or bytes (`encodedForms`).
 */
export function redact(text: string, secret: string): string {
  return createRedactor(secret).redact(text);
}

/** Removes one secret from texts. */
export interface Redactor {
  /** The text without the secret. */
  readonly redact: (text: string) => string;
  /**
   * The same for a text that was cut off: its end may be the first 4 or more characters of the secret.
   */
  readonly redactCut: (text: string) => string;
}

/** `redact` for one secret, prepared once. An empty secret redacts nothing. */
export function createRedactor(secret: string): Redactor {
  if (secret === "") return { redact: (text) => text, redactCut: (text) => text };
  const forms = Array.from(secret, characterForms);
  const encoded = encodedForms(secret);
  const plain = new RegExp(forms.join(""), "g");
  const whole = new RegExp(encoded.map((form) => form.join("")).join("|"), "g");
  const redactWhole = (text: string): string => {
    const redacted = text.replace(plain, replacement);
    return encoded.length === 0 ? redacted : redacted.replace(whole, replacement);
  };
  const tails = [
    ...tailOf(forms, shortestTail),
    ...encoded.flatMap((form) => tailOf(form, shortestEncodedTail)),
  ];
  const redactCut = (text: string): string =>
    tails.reduce((rest, tail) => rest.replace(tail, replacement), redactWhole(text));
  // V8 interprets an expression at its first use and compiles it for the next, ten times as fast on a long answer.
  redactCut(".");
  return { redact: redactWhole, redactCut };
}

/** At least this many characters of a form at the end of a text. */
function tailOf(forms: readonly string[], shortest: number): readonly RegExp[] {
  if (forms.length <= shortest) return [];
  const optionalRest = forms.slice(shortest).reduceRight((rest, form) => `(?:${form}${rest})?`, "");
  return [new RegExp(`${forms.slice(0, shortest).join("")}${optionalRest}$`)];
}
