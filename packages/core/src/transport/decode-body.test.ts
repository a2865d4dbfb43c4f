import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decodeBody } from "./decode-body.ts";

describe("decodeBody", () => {
  it("reads UTF-8, otherwise Windows-1252", () => {
    expect(decodeBody(Buffer.from("não"), undefined, false)).toEqual({ text: "não", isText: true });
    expect(decodeBody(Buffer.from("não", "latin1"), undefined, false)).toEqual({ text: "não", isText: true });
    expect(decodeBody(Buffer.from("\uFEFFok"), "identity", false)).toEqual({ text: "ok", isText: true });
  });

  it("still reads UTF-8 where a cut falls inside a character", () => {
    for (const character of ["é", "€", "😀"]) {
      const whole = Buffer.from(`não${character}`);
      for (let length = 4; length <= whole.length; length += 1) {
        expect(decodeBody(whole.subarray(0, length), undefined, true).text).toMatch(/^não/);
      }
    }
  });

  it("recognises compressed and binary bodies as not text, and keeps no NUL", () => {
    expect(decodeBody(Buffer.from("ok"), "gzip", false)).toEqual({ text: "ok", isText: false });
    expect(decodeBody(Buffer.from("o\0k"), undefined, false)).toEqual({ text: "o\uFFFDk", isText: false });
  });

  it("throws for no bytes, and its text never contains NUL", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.boolean(), (bytes, cut) => {
        expect(decodeBody(Buffer.from(bytes), undefined, cut).text).not.toContain("\0");
      }),
    );
  });
});
