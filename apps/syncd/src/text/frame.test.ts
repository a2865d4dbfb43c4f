import { expect, test } from "vitest";

import { frame } from "./frame.ts";

const escapes = new RegExp(String.raw`${"\u001B"}\[[HKJ]`, "g");

test("a text larger than the terminal is cut, so it neither wraps nor scrolls", () => {
  const text = `${Array.from({ length: 50 }, (_, line) => `${line} ${"x".repeat(100)}`).join("\n")}\n`;
  const lines = frame(text, { columns: 20, rows: 10 }).replaceAll(escapes, "").split("\n");

  expect(lines).toHaveLength(10);
  expect(Math.max(...lines.map(({ length }) => length))).toBe(20);
  expect(lines.at(-1)).toBe("");
});

test("a text leaves nothing of a longer one before it", () => {
  const text = frame("short\n", { columns: 80, rows: 24 });
  expect(text.startsWith("\u001B[H")).toBe(true);
  expect(text).toContain("short\u001B[K");
  expect(text.endsWith("\u001B[J")).toBe(true);
});

test("without a terminal there are no escapes", () => {
  expect(frame("one\n", null)).toBe("one\n\n");
});
