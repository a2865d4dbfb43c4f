import { anyCase, characterForms } from "./character-forms.ts";

/** Shorter pieces of base64 or hexadecimal occur in unrelated texts. */
const leastBytes = 5;

/** Line breaks that an encoder inserts into long lines, escaped or not. */
const lineBreak = String.raw`(?:[\r\n\t ]|\\{1,2}[rn]|%0[AaDd]|&#1[03];){0,4}`;

const besideHex = String.raw`(?:[\s:,.-]{0,2}(?:0x|\\{1,2}x)?)`;
const besideDecimal = String.raw`[\s,;]{1,3}`;

/**
 * Forms of a secret that was encoded as a whole, alone or within a longer text: base64 of both alphabets at each offset in
 * a group of three bytes, and its bytes in hexadecimal or decimal. Each form is a sequence of regular expressions'
 * sources. The encoded text may have been UTF-8, UTF-16 or percent-encoded.
 */
export function encodedForms(secret: string): readonly (readonly string[])[] {
  const texts = new Set([
    Buffer.from(secret, "utf8").toString("latin1"),
    Buffer.from(secret, "utf16le").toString("latin1"),
    Buffer.from(secret, "utf16le").swap16().toString("latin1"),
    encodeURIComponent(secret),
    Buffer.from(secret, "latin1").toString("latin1"),
  ]);
  return [...texts].flatMap((text) => {
    const bytes = Buffer.from(text, "latin1");
    if (bytes.length < leastBytes) return [];
    return [0, 1, 2].map((offset) => base64Form(bytes, offset)).concat([hexForm(bytes), decimalForm(bytes)]);
  });
}

/** The characters that do not depend on the text before and after. */
function base64Form(bytes: Buffer, offset: number): readonly string[] {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
  const own = encoded.slice(Math.ceil((8 * offset) / 6), Math.floor((8 * (offset + bytes.length)) / 6));
  return Array.from(own, (character, i) => (i === 0 ? "" : lineBreak) + base64Character(character));
}

function base64Character(character: string): string {
  if (character === "+") return `(?:${characterForms("+")}|${characterForms("-")}| )`;
  if (character === "/") return `(?:${characterForms("/")}|${characterForms("_")})`;
  return character;
}

function hexForm(bytes: Buffer): readonly string[] {
  return Array.from(
    bytes,
    (byte, i) => (i === 0 ? "" : besideHex) + anyCase(byte.toString(16).padStart(2, "0")),
  );
}

function decimalForm(bytes: Buffer): readonly string[] {
  return Array.from(bytes, (byte, i) => (i === 0 ? String.raw`\b` : besideDecimal) + String(byte));
}
