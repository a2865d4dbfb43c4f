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

describe("redact", () => {
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

  it("leaves other texts as they are, and takes an empty secret for none", () => {
    expect(redact("Inserido com sucesso", token)).toBe("Inserido com sucesso");
    expect(redact("Inserido com sucesso", "")).toBe("Inserido com sucesso");
  });

  it("finds the beginning of a secret at the end of a text that was cut off", () => {
    const { redactCut } = createRedactor("XJS83HAUQORDIGHA82");
    expect(redactCut("token=XJS83HAU")).toBe("token=[redacted]");
    expect(redactCut("token=XJS83HAUQORDIGHA82")).toBe("token=[redacted]");
    expect(redactCut("XJS83HAU was not it")).toBe("XJS83HAU was not it");
  });

  it.each([`${"a".repeat(63)}b`, "a", "\\", "%25", "&#0", "\\u0061"])(
    "takes less than a second for 64 KiB of %s",
    (unit) => {
      const { redactCut } = createRedactor("a".repeat(64));
      const started = performance.now();
      redactCut(unit.repeat(Math.ceil(65_536 / unit.length)));
      expect(performance.now() - started).toBeLessThan(1000);
    },
  );
});
