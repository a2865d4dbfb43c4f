/** What `JSON.parse` gives, with integers beyond 2^53 as strings of their digits. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const manyDigits = /\d{16}/;

/**
 * Parses an object, an array or a string; undefined for anything else, bare numbers included, because a bare
 * number is a protocol number and has to stay text. Keeps every digit of a large integer. Throws nothing,
 * however deep the input.
 */
export function parseJson(text: string): Json | undefined {
  if (!/^[{["]/.test(text)) return undefined;
  if (!manyDigits.test(text)) return parse(text);
  try {
    return parse(text, keepDigits);
  } catch {
    // The reviver recurses and overflows the stack on deep input; the parser alone does not.
    return parse(text);
  }
}

function parse(text: string, reviver?: typeof keepDigits): Json | undefined {
  try {
    const value: Json = JSON.parse(text, reviver);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * A reviver's third argument holds the source text: https://github.com/tc39/proposal-json-parse-with-source
 */
function keepDigits(_key: string, value: unknown, ...[context]: readonly unknown[]): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source =
    typeof context === "object" && context !== null && "source" in context ? context.source : undefined;
  return typeof source === "string" && /^-?\d+$/.test(source) ? source : value;
}
