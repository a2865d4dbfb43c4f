import { characterForms } from "./character-forms.ts";

const replacement = "[redacted]";
const shortestTail = 4;

/**
 * A text without a secret, in whatever form an answer may echo it: as it is, percent-encoded (once or more,
 * in capitals or not), with `+` for spaces, escaped for JSON or for HTML. Every occurrence becomes
 * `[redacted]`.
 */
export function redact(text: string, secret: string): string {
  return createRedactor(secret).redact(text);
}

/** Takes one secret out of texts. */
export interface Redactor {
  /** The text without the secret. */
  readonly redact: (text: string) => string;
  /**
   * The same for a text that was cut off, whose end may be the secret's beginning (4 characters of it or
   * more).
   */
  readonly redactCut: (text: string) => string;
}

/** `redact` for one secret, prepared once. An empty secret redacts nothing. */
export function createRedactor(secret: string): Redactor {
  if (secret === "") return { redact: (text) => text, redactCut: (text) => text };
  const forms = Array.from(secret, characterForms);
  const whole = new RegExp(forms.join(""), "g");
  const redactWhole = (text: string): string => text.replace(whole, replacement);
  if (forms.length <= shortestTail) return { redact: redactWhole, redactCut: redactWhole };

  const optionalRest = forms.slice(shortestTail).reduceRight((rest, form) => `(?:${form}${rest})?`, "");
  const tail = new RegExp(`${forms.slice(0, shortestTail).join("")}${optionalRest}$`);
  return { redact: redactWhole, redactCut: (text) => redactWhole(text).replace(tail, replacement) };
}
