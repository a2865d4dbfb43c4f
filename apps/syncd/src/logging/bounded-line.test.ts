import { expect, test } from "vitest";

import { boundedLine } from "./bounded-line.ts";

const head = { level: "warn", time: "2026-11-30T20:00:00.000Z", app: "syncd", version: "0", pid: 1 };

function bounded(fields: object): Record<string, unknown> {
  return JSON.parse(boundedLine(`${JSON.stringify({ ...head, ...fields })}\n`));
}

const many = Array.from({ length: 25_000 }, (_, i) => `a${i}`);

test.each<[string, object]>([
  ["a list of texts", { accounts: many }],
  ["a long text", { error: "x".repeat(1_000_000) }],
  ["long texts in a list", { errors: many.map((text) => text.repeat(500)) }],
  ["lists in lists", { deep: Array.from({ length: 200 }, () => Array.from({ length: 200 }, () => many[7])) }],
  ["many fields", Object.fromEntries(many.map((name) => [name, name]))],
  ["long names of fields", { ["n".repeat(9000)]: 1 }],
  ["many objects", { rows: many.map((lane) => ({ lane, error: "x".repeat(900) })) }],
  ["characters of several bytes", { error: "\u{1F600}".repeat(5000), name: "é".repeat(8000) }],
  ["half characters", { error: "\ud83d".repeat(9000) }],
  ["what is escaped", { error: '\u0000\n"'.repeat(5000) }],
  ["a long message", { msg: "m".repeat(100_000) }],
])("no line is longer than 8 KB, and each is JSON that says what it was: %s", (_what, fields) => {
  const line = boundedLine(`${JSON.stringify({ ...fields, ...head })}\n`);
  expect(Buffer.byteLength(line)).toBeLessThanOrEqual(8192);
  expect(line.indexOf("\n")).toBe(line.length - 1);
  expect(JSON.parse(line)).toMatchObject(head);
});

test("a short line is unchanged", () => {
  const line = `${JSON.stringify({ ...head, accounts: Array.from({ length: 300 }, (_, i) => `a${i}`) })}\n`;
  expect(boundedLine(line)).toBe(line);
});

test("a long list keeps its first 20 items and counts the others", () => {
  const accounts = Array.from({ length: 25_000 }, (_, i) => `a${i}`);
  const { accounts: shown } = bounded({ accounts, msg: "rows wait" });
  expect(shown).toEqual([...accounts.slice(0, 20), "… and 24980 more"]);
});

test("a long text keeps its beginning and the number of characters that are missing", () => {
  const { error } = bounded({ error: "é".repeat(20_000), msg: "database error" });
  expect(error).toBe(`${"é".repeat(1000)}… and 19000 characters more`);
});
