import { expect, test, vi } from "vitest";

import { LineWriter } from "./line-writer.ts";

function writerTo(written: string[]): LineWriter {
  return new LineWriter({ write: (lines) => void written.push(lines) });
}

test("lines that come together are written at once, in their order, and none waits for long", async () => {
  const written: string[] = [];
  const writer = writerTo(written);
  for (const line of ["a\n", "b\n", "c\n"]) writer.write(line);
  expect(written).toEqual([]);
  await vi.waitFor(() => expect(written).toEqual(["a\nb\nc\n"]));
  writer.write("d\n");
  await vi.waitFor(() => expect(written).toEqual(["a\nb\nc\n", "d\n"]));
  writer.end();
});

test("a great many lines do not wait for the time to be over", () => {
  const written: string[] = [];
  const writer = writerTo(written);
  const line = `${"x".repeat(999)}\n`;
  for (let i = 0; i < 20; i += 1) writer.write(line);
  expect(written).toHaveLength(1);
  writer.end();
  expect(written.join("")).toBe(line.repeat(20));
});

test("at the process's exit, what is left is written", () => {
  const written: string[] = [];
  const writer = writerTo(written);
  writer.write("last\n");
  process.emit("exit", 0);
  expect(written).toEqual(["last\n"]);
  writer.end();
});

test("once it has ended, every line is written at once", () => {
  const written: string[] = [];
  const writer = writerTo(written);
  writer.write("before\n");
  writer.end();
  writer.write("after\n");
  expect(written).toEqual(["before\n", "after\n"]);
});
