import { expect, test } from "vitest";

import { Traffic } from "./traffic.ts";

/** Notes a row every `everyMs` milliseconds for a second. */
function trafficOf(everyMs: number): Traffic {
  const traffic = new Traffic();
  for (let ms = 0; ms <= 1000; ms += everyMs) traffic.note(1, ms);
  return traffic;
}

test("an even flow of rows gives its rate per second", () => {
  expect(trafficOf(1).perSecond(1000)).toBeCloseTo(1000, -2);
  expect(trafficOf(10).perSecond(1000)).toBeCloseTo(100, -1);
});

test("a row every ten milliseconds is not dense; a row every millisecond is", () => {
  expect(trafficOf(10).isDense(1000)).toBe(false);
  expect(trafficOf(1).isDense(1000)).toBe(true);
});

test("dense traffic stays dense until it falls to half of the threshold, and a pause ends it", () => {
  const traffic = trafficOf(1);
  expect(traffic.isDense(1000)).toBe(true);
  // By now a third of a thousand.
  expect(traffic.isDense(1270)).toBe(true);
  expect(traffic.isDense(1500)).toBe(false);
  expect(traffic.isDense(1270)).toBe(false);
});
