import { expect, test } from "vitest";

import { wrapped } from "./wrapped.ts";

test("no line is longer than allowed, and no word is lost or cut", () => {
  expect(wrapped("one two three four", 9)).toEqual(["one two", "three", "four"]);
  expect(wrapped("a-word-that-is-longer b", 4)).toEqual(["a-word-that-is-longer", "b"]);
});

test("two spaces stay two, as psql writes them, and a line break is a space", () => {
  expect(wrapped("ERROR:  no\nsuch", 20)).toEqual(["ERROR:  no such"]);
});
