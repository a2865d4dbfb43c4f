import { expect, test } from "vitest";

import { LineSampler } from "./line-sampler.ts";

const warn = 40;

function admitted(sampler: LineSampler, times: number, fields: object, nowMs: number): number {
  return Array.from({ length: times }, () => sampler.admits(warn, "not sent", fields, nowMs)).filter(Boolean)
    .length;
}

test("20 repeated lines a minute are written, and the number of the others is reported once", () => {
  const sampler = new LineSampler();
  const fields = { id: "1", account: "default", code: "timeout" };
  expect(admitted(sampler, 100, fields, 0)).toBe(20);
  expect(sampler.takeLeftOut(59_999)).toEqual([]);
  expect(sampler.takeLeftOut(60_000)).toEqual([
    {
      kind: { message: "not sent", level: warn, fields: { account: "default", code: "timeout" } },
      leftOut: 80,
    },
  ]);
  expect(sampler.takeLeftOut(120_000)).toEqual([]);
  expect(admitted(sampler, 100, fields, 120_000)).toBe(20);
});

test("lines left out are still reported if the next window begins first", () => {
  const sampler = new LineSampler();
  admitted(sampler, 25, { code: "timeout" }, 0);
  admitted(sampler, 25, { code: "timeout" }, 70_000);
  expect(sampler.takeLeftOut().map(({ leftOut }) => leftOut)).toEqual([10]);
});

test("a failure of another kind is written, however often the first repeats", () => {
  const sampler = new LineSampler();
  admitted(sampler, 1000, { code: "timeout" }, 0);
  expect(admitted(sampler, 1, { code: "connection_refused" }, 0)).toBe(1);
  expect(sampler.admits(warn, "database error", { code: "timeout" }, 0)).toBe(true);
});

test("lines that differ only in the row's id are of one kind", () => {
  const sampler = new LineSampler();
  const written = Array.from({ length: 50 }, (_, id) => sampler.admits(warn, "not sent", { id }, 0));
  expect(written.filter(Boolean)).toHaveLength(20);
});
