import { isUtf8 } from "node:buffer";

/** A body as text, and whether it is text. */
export interface DecodedBody {
  /** Never contains NUL, which PostgreSQL and many terminals refuse. */
  readonly text: string;
  /** False for a compressed body, which was not requested, and for one with control characters. */
  readonly isText: boolean;
}

// eslint-disable-next-line no-control-regex -- these are the characters to find
const controlCharacters = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;
const windows1252 = new TextDecoder("windows-1252");

/**
 * Reads a body as UTF-8 or, if it is invalid, as Windows-1252, the superset of ISO-8859-1 in which old Brazilian PHP
 * answers. Ignores the declared charset, which is often wrong; accidental UTF-8 is very unlikely.
 */
export function decodeBody(body: Buffer, contentEncoding: string | undefined, cut: boolean): DecodedBody {
  const isPlain = contentEncoding === undefined || /^\s*(?:identity\s*)?$/i.test(contentEncoding);
  const bytes = cut ? withoutHalfCharacter(body) : body;
  const decoded = isUtf8(bytes) ? bytes.toString("utf8") : windows1252.decode(bytes);
  const text = decoded.startsWith("\uFEFF") ? decoded.slice(1) : decoded;
  if (isPlain && !controlCharacters.test(text)) return { text, isText: true };
  return { text: text.replaceAll("\0", "\uFFFD"), isText: false };
}

/** A cut may fall inside a character of up to four bytes. */
function withoutHalfCharacter(body: Buffer): Buffer {
  const end = body.length;
  for (let back = 1; back <= Math.min(3, end); back += 1) {
    const byte = body[end - back] ?? 0;
    if (byte >= 0xc0) return body.subarray(0, end - back);
    if (byte < 0x80) break;
  }
  return body;
}
