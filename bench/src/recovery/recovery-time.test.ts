import { expect, test } from "vitest";

import { recoveryOf } from "./recovery-time.ts";

/** One delivery every 10 ms. */
function steady(fromMs: number, toMs: number): readonly number[] {
  return Array.from({ length: (toMs - fromMs) / 10 }, (_, index) => fromMs + index * 10);
}

const span = { beganAtMs: 5000, endedAtMs: 8000 };

test("a queue that stood still has recovered when the rate is back, not at its first delivery", () => {
  const deliveries = [...steady(0, 5000), 9000, ...steady(11_000, 20_000)];
  const recovery = recoveryOf(deliveries, span);
  expect(recovery).toMatchObject({ before: 100, during: 0, firstSeconds: 1 });
  // Four fifths of the two seconds that follow.
  expect(recovery.wholeSeconds).toBeCloseTo(2.6, 5);
});

test("a queue that was not disturbed has recovered at once", () => {
  expect(recoveryOf(steady(0, 20_000), span)).toMatchObject({ during: 100, wholeSeconds: 0 });
});

test("a queue that never comes back has no time of recovery", () => {
  expect(recoveryOf(steady(0, 5000), span)).toMatchObject({ firstSeconds: null, wholeSeconds: null });
  expect(recoveryOf([...steady(0, 5000), 9000, 19_000], span).wholeSeconds).toBeNull();
});

test("the end of the queue is not taken for a slow queue", () => {
  // The last second is not a whole window.
  expect(recoveryOf([...steady(0, 5000), ...steady(9000, 10_500)], span).wholeSeconds).toBeNull();
});

test("a disturbance that is over at once has no rate of its own", () => {
  expect(recoveryOf(steady(0, 9000), { beganAtMs: 5000, endedAtMs: 5000 }).during).toBeNull();
});
