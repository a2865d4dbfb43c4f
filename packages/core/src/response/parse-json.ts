/** The result of `JSON.parse`, with integers beyond 2^53 as strings. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const manyDigits = /\d{16}/;

/**
 * Parses an object, an array or a string; undefined for anything else, including a bare number, which is a protocol and
 * must stay text. Keeps every digit of large integers. Throws nothing, whatever the input's depth.
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
 * A reviver's third argument contains the source text: https://github.com/tc39/proposal-json-parse-with-source
 */
function keepDigits(_key: string, value: unknown, ...[context]: readonly unknown[]): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source =
    typeof context === "object" && context !== null && "source" in context ? context.source : undefined;
  return typeof source === "string" && /^-?\d+$/.test(source) ? source : value;
}
