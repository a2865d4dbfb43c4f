import { expect, test, vi } from "vitest";

import { LineWriter } from "./line-writer.ts";

/** Takes `room` bytes, and says EAGAIN, or `code`, when there is none left. */
class Pipe {
  readonly written: string[] = [];
  room = Number.POSITIVE_INFINITY;
  code = "EAGAIN";

  readonly write = (bytes: Buffer): number => {
    if (this.room === 0) throw Object.assign(new Error("no room"), { code: this.code });
    const taken = bytes.subarray(0, this.room);
    this.room -= taken.length;
    this.written.push(taken.toString());
    return taken.length;
  };
}

function open(pipe = new Pipe()) {
  const onDropped = vi.fn<() => void>();
  const onFlowing = vi.fn<(dropped: number) => void>();
  const writer = new LineWriter({ outlet: pipe, onDropped, onFlowing });
  return { pipe, written: pipe.written, writer, onDropped, onFlowing };
}

test("lines that come together are written together, in order, and none waits for long", async () => {
  const { written, writer } = open();
  for (const line of ["a\n", "b\n", "c\n"]) writer.write(line);
  expect(written).toEqual([]);
  await vi.waitFor(() => expect(written).toEqual(["a\nb\nc\n"]));
  writer.write("d\n");
  await vi.waitFor(() => expect(written).toEqual(["a\nb\nc\n", "d\n"]));
  writer.end();
});

test("a full buffer is written without waiting", () => {
  const { written, writer } = open();
  const line = `${"x".repeat(999)}\n`;
  for (let i = 0; i < 20; i += 1) writer.write(line);
  expect(written).toHaveLength(1);
  writer.end();
  expect(written.join("")).toBe(line.repeat(20));
});

test("the process's exit writes what is left", () => {
  const { written, writer } = open();
  writer.write("last\n");
  process.emit("exit", 0);
  expect(written).toEqual(["last\n"]);
  writer.end();
});

test("after its end every line is written at once", () => {
  const { written, writer } = open();
  writer.write("before\n");
  writer.end();
  writer.write("after\n");
  expect(written).toEqual(["before\n", "after\n"]);
});

test.each(["EAGAIN", "ENOSPC", "EPIPE", "EIO"])(
  "while the outlet says %s, whole lines wait, then are dropped and counted; none is torn or lost uncounted",
  async (code) => {
    const { pipe, writer, onDropped, onFlowing } = open();
    pipe.code = code;
    pipe.room = 1234;
    const lines = Array.from({ length: 600 }, (_, i) => `${String(i).padStart(999, "0")}\n`);
    for (const line of lines) writer.write(line);
    const dropped = onDropped.mock.calls.length;
    expect(dropped).toBeGreaterThan(300);
    expect(dropped).toBeLessThan(350);

    pipe.room = Number.POSITIVE_INFINITY;
    await vi.waitFor(() => expect(onFlowing).toHaveBeenCalledExactlyOnceWith(dropped));
    expect(pipe.written.join("")).toBe(lines.slice(0, 600 - dropped).join(""));
    writer.write("next\n");
    writer.end();
    expect(pipe.written.at(-1)).toBe("next\n");
  },
);

test("the end waits for a reader for a second at most, and for a full disk not at all", () => {
  const [reader = 0, fullDisk = 0] = (["EAGAIN", "ENOSPC"] as const).map((code) => {
    const { pipe, writer } = open();
    pipe.code = code;
    pipe.room = 0;
    writer.write("last\n");
    const startedMs = performance.now();
    writer.end();
    return performance.now() - startedMs;
  });
  expect(reader).toBeLessThan(3000);
  expect(fullDisk).toBeLessThan(reader / 2);
});
