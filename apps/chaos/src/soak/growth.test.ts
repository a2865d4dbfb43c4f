import { expect, test } from "vitest";

import { trendsOf } from "./growth.ts";
import type { Measurement, Quantity } from "./measurement.ts";

const megabyte = 1024 * 1024;
const steady: Measurement = {
  heapBytes: 30 * megabyte,
  residentBytes: 110 * megabyte,
  files: 30,
  resources: 12,
  connections: 7,
  lagMs: 3,
};

/** Ten days on which one quantity has a value by the day's number. */
function daysOf(quantity: Quantity, value: (day: number) => number): readonly Measurement[] {
  return Array.from({ length: 10 }, (_, day) => Object.assign({ ...steady }, { [quantity]: value(day) }));
}

function growing(days: readonly Measurement[]): readonly Quantity[] {
  return trendsOf(0, days).flatMap(({ quantity, grows }) => (grows ? [quantity] : []));
}

test.each<[Quantity, number]>([
  ["heapBytes", 0.5 * megabyte],
  ["residentBytes", 8 * megabyte],
  ["files", 2],
  ["resources", 2],
  ["connections", 0.5],
  ["lagMs", 10],
])("slow daily growth of %s is detected", (quantity, more) => {
  expect(growing(daysOf(quantity, (day) => steady[quantity] + day * more))).toEqual([quantity]);
});

test("fluctuation, and warming up on the first day, are not growth", () => {
  expect(growing(daysOf("heapBytes", (day) => (30 + (day % 3) * 0.8) * megabyte))).toEqual([]);
  expect(growing(daysOf("heapBytes", (day) => (day === 0 ? 12 : 30) * megabyte))).toEqual([]);
  expect(growing(daysOf("files", (day) => 30 + (day % 2) * 3))).toEqual([]);
});

test("one bad day in the last third decides nothing", () => {
  expect(growing(daysOf("residentBytes", (day) => (day === 8 ? 300 : 110) * megabyte))).toEqual([]);
});
