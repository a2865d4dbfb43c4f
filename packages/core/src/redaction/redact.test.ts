import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createRedactor, redact } from "./redact.ts";

const token = "XJ$8 3/H&\"ç+'<é😀";

const encodings: Record<string, (text: string) => string> = {
  plain: (text) => text,
  encodeURIComponent,
  "encodeURIComponent in small letters": (text) =>
    encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
  "encodeURIComponent twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  "a form": (text) => new URLSearchParams({ text }).toString().slice("text=".length),
  "PHP's rawurlencode": (text) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  "PHP's json_encode": (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replaceAll("/", String.raw`\/`)
      // eslint-disable-next-line no-control-regex -- everything but ASCII is escaped
      .replace(/[^\u0000-\u007f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "PHP's htmlspecialchars": (text) =>
    text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("'", "&#039;").replaceAll("<", "&lt;"),
};

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const hex = (text: string): string => Buffer.from(text).toString("hex");

/** Encodings of the whole, of which a longer text may be made. */
const wholes: Record<string, (text: string) => string> = {
  base64,
  base64url: (text) => Buffer.from(text).toString("base64url"),
  "base64 of id:token": (text) => base64(`123:${text}`),
  "base64 of a, and the token": (text) => base64(`a${text}`),
  "base64 of ab, the token and more": (text) => base64(`ab${text}xyz`),
  "base64 of the query": (text) => base64(`acao=x&token=${encodeURIComponent(text)}&num_dest=1`),
  "base64 in lines of 76": (text) => base64("x".repeat(50) + text).replace(/.{76}/g, "$&\r\n"),
  "base64 in JSON": (text) => base64(text).replaceAll("/", String.raw`\/`),
  "base64 in a query": (text) => encodeURIComponent(base64(text)),
  "base64 of UTF-16": (text) => Buffer.from(text, "utf16le").toString("base64"),
  hex,
  "hex in capitals": (text) => hex(text).toUpperCase(),
  "hex with colons": (text) => hex(text).replace(/..(?=.)/g, "$&:"),
  "hex with blanks": (text) => hex(text).replace(/..(?=.)/g, "$& "),
  "hex with 0x": (text) => hex(text).replace(/../g, "0x$&,"),
  "hex of UTF-16": (text) => Buffer.from(text, "utf16le").toString("hex"),
  "JavaScript's escapes": (text) => hex(text).replace(/../g, String.raw`\x$&`),
  "Unicode escapes in capitals": (text) =>
    text.replace(
      /[^]/g,
      (unit) => String.raw`\u` + unit.charCodeAt(0).toString(16).padStart(4, "0").toUpperCase(),
    ),
  "percent escapes of everything": (text) => hex(text).replace(/../g, "%$&"),
  "percent escapes of some": (text) =>
    Array.from(text, (one, i) => (i % 2 === 0 ? hex(one).replace(/../g, "%$&") : one)).join(""),
  "HTML's decimal entities": (text) => Array.from(text, (one) => `&#${one.codePointAt(0)};`).join(""),
  "HTML's hexadecimal entities": (text) =>
    Array.from(text, (one) => `&#x${one.codePointAt(0)?.toString(16)};`).join(""),
  "quoted-printable": (text) => hex(text).toUpperCase().replace(/../g, "=$&"),
  "an array of bytes": (text) => JSON.stringify([...Buffer.from(text)]),
  capitals: (text) => text.toUpperCase(),
  "small letters": (text) => text.toLowerCase(),
};

describe("redact", () => {
  it.each(Object.entries(wholes))("leaves nothing of a token as %s", (_name, encode) => {
    for (const secret of ["XJS83HAUQORDIGHA82", "aZ9-_b.+/=Kq", token]) {
      const isAscii = /^[ -~]*$/.test(secret);
      if (!isAscii && _name === "capitals") continue;
      const encoded = encode(secret);
      const redacted = redact(`{"erro":"${encoded}"}`, secret);
      expect(redacted).toContain("[redacted]");
      for (let at = 0; at + 10 <= encoded.length && !_name.includes(" of "); at += 1)
        expect(redacted).not.toContain(encoded.slice(at, at + 10));
    }
  });

  it("finds the beginning of an encoded secret at the end of a text that was cut off", () => {
    const secret = "XJS83HAUQORDIGHA82";
    const { redactCut } = createRedactor(secret);
    for (const encoded of [base64(secret), base64(`a${secret}`), base64(`ab${secret}`), hex(secret)])
      expect(redactCut(`erro=${encoded.slice(0, 16)}`)).toMatch(/^erro=.{0,4}\[redacted\]/);
  });

  it.each(Object.entries(encodings))("finds a secret that was encoded as %s", (_name, encode) => {
    expect(redact(`before ${encode(token)} after`, token)).toBe("before [redacted] after");
  });

  it.each(Object.entries(encodings))("finds any secret that was encoded as %s", (_name, encode) => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), (secret) => {
        expect(redact(`<<${encode(secret)}>>`, secret)).toContain("[redacted]");
      }),
    );
  });

  it("leaves other texts unchanged, and ignores an empty secret", () => {
    expect(redact("Inserido com sucesso", token)).toBe("Inserido com sucesso");
    expect(redact("Inserido com sucesso", "")).toBe("Inserido com sucesso");
  });

  it("finds the beginning of a secret at the end of a text that was cut off", () => {
    const { redactCut } = createRedactor("XJS83HAUQORDIGHA82");
    expect(redactCut("token=XJS83HAU")).toBe("token=[redacted]");
    expect(redactCut("token=XJS83HAUQORDIGHA82")).toBe("token=[redacted]");
    expect(redactCut("XJS83HAU was not it")).toBe("XJS83HAU was not it");
  });

  it.each([`${"a".repeat(63)}b`, "a", "\\", "%25", "&#0", "\\u0061", "YWFh", "6161", "YWFh\n", "61 ", "97,"])(
    "takes less than a second of the processor for 64 KiB of %s",
    (unit) => {
      const { redactCut } = createRedactor("a".repeat(64));
      const started = process.threadCpuUsage();
      redactCut(unit.repeat(Math.ceil(65_536 / unit.length)));
      const { user, system } = process.threadCpuUsage(started);
      expect((user + system) / 1000).toBeLessThan(1000);
    },
  );
});
