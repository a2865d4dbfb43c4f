import { expect, test } from "vitest";

import { LookSchedule } from "./look-schedule.ts";

interface Look {
  readonly atMs: number;
  readonly tookMs?: number;
  readonly notified?: boolean;
  readonly isPart?: boolean;
  readonly isEmpty?: boolean;
}

/** A schedule that polls every second, after these looks. */
function after(...looks: readonly Look[]): LookSchedule {
  const schedule = new LookSchedule(1000);
  for (const { atMs, tookMs = 0, notified = true, isPart = false, isEmpty = false } of looks) {
    schedule.beginTurn(false, atMs);
    schedule.lookBegan(notified, atMs);
    schedule.lookEnded({ beganAtMs: atMs, endedAtMs: atMs + tookMs, isPart, isEmpty });
  }
  return schedule;
}

test("looks follow each other at the poll interval while nothing is inserted", () => {
  const schedule = after({ atMs: 0 });
  expect(schedule.beginTurn(false, 999)).toBe(false);
  expect(schedule.beginTurn(false, 1000)).toBe(true);
});

test("an idle daemon looks half as often while notifications work, and as often as ever without them", () => {
  expect(after({ atMs: 0, isEmpty: true }, { atMs: 1000, isEmpty: true }).nextAtMs).toBe(3000);
  const polling = { isEmpty: true, notified: false };
  expect(after({ atMs: 0, ...polling }, { atMs: 1000, ...polling }).nextAtMs).toBe(2000);
});

test("looks that keep taking long take a tenth of the time, and a single slow one delays nothing", () => {
  const slowOnce = after({ atMs: 0 }, { atMs: 1000, tookMs: 40 });
  slowOnce.soon();
  expect(slowOnce.nextAtMs).toBe(1040);
  const slow = after({ atMs: 0, tookMs: 40 }, { atMs: 1000, tookMs: 40 });
  slow.soon();
  expect(slow.nextAtMs).toBe(1440);
  const verySlow = after({ atMs: 0, tookMs: 400 }, { atMs: 1000, tookMs: 400 });
  verySlow.soon();
  expect(verySlow.nextAtMs).toBe(1900);
});

test("the next page of a long queue does not wait for the poll interval", () => {
  expect(after({ atMs: 0, tookMs: 5, isPart: true }).nextAtMs).toBe(100);
});

test("after an insert the known lanes are tried once, and a look follows within 50 ms of it", () => {
  const schedule = after({ atMs: 0 });
  expect(schedule.mayTry(100)).toBe(false);
  schedule.insertReported(100);
  expect(schedule.mayTry(101)).toBe(true);
  expect(schedule.beginTurn(true, 101)).toBe(false);
  schedule.triesSucceeded();
  expect(schedule.mayTry(102)).toBe(false);
  expect(schedule.beginTurn(false, 149)).toBe(false);
  expect(schedule.beginTurn(false, 150)).toBe(true);
});

test("the look comes at once where the tries found nothing, or where there was no lane to try", () => {
  const inVain = after({ atMs: 0 });
  inVain.insertReported(100);
  inVain.beginTurn(true, 101);
  expect(inVain.beginTurn(false, 102)).toBe(true);
  const withoutLanes = after({ atMs: 0 });
  withoutLanes.insertReported(100);
  expect(withoutLanes.beginTurn(false, 101)).toBe(true);
});

test("under one insert after the other, tries and overdue looks take turns", () => {
  const schedule = after({ atMs: 0 });
  schedule.insertReported(100);
  schedule.beginTurn(true, 101);
  schedule.triesSucceeded();
  schedule.insertReported(149);
  expect(schedule.mayTry(149)).toBe(true);
  schedule.beginTurn(true, 149);
  schedule.triesSucceeded();
  schedule.insertReported(151);
  expect(schedule.mayTry(151)).toBe(false);
  expect(schedule.beginTurn(false, 151)).toBe(true);
  schedule.insertReported(152);
  expect(schedule.mayTry(152)).toBe(true);
});

test("an insert that a failed look should have found is looked for again", () => {
  const schedule = after({ atMs: 0 });
  schedule.insertReported(100);
  schedule.beginTurn(false, 101);
  schedule.lookBegan(true, 101);
  expect(schedule.beginTurn(false, 102)).toBe(false);
  schedule.lookFailed();
  expect(schedule.beginTurn(false, 103)).toBe(true);
});
