import { expect, test } from "vitest";

import { TokenBucket } from "./token-bucket.ts";

/** Takes whatever there is, every `everyMs`, for `seconds`; returns when each token was taken. */
function drain(bucket: TokenBucket, seconds: number, everyMs: number): readonly number[] {
  const taken: number[] = [];
  for (let nowMs = 0; nowMs < seconds * 1000; nowMs += everyMs) {
    const count = bucket.available(nowMs);
    bucket.take(count);
    taken.push(...Array.from({ length: count }, () => nowMs));
  }
  return taken;
}

test("the rate is kept over time, whatever the pace of the questions", () => {
  for (const everyMs of [1, 7, 90]) {
    expect(drain(new TokenBucket(50, 0), 20, everyMs).length / 20).toBeCloseTo(50, 0);
  }
});

test("no window of one second has more than the rate and its burst", () => {
  const taken = drain(new TokenBucket(50, 0), 20, 3);
  for (const start of taken) {
    expect(taken.filter((at) => at >= start && at < start + 1000).length).toBeLessThanOrEqual(55);
  }
});

test("after a long rest no more than the burst may go at once", () => {
  expect(new TokenBucket(50, 0).available(3_600_000)).toBe(5);
});

test("a rate below one a second gives a token when its time has come, and not before", () => {
  const bucket = new TokenBucket(0.5, 0);
  bucket.take(1);
  expect(bucket.nextTokenInMs(500)).toBe(1500);
  expect(bucket.available(1999)).toBe(0);
  expect(bucket.available(2000)).toBe(1);
});

test("zero is unlimited", () => {
  const bucket = new TokenBucket(0, 0);
  bucket.take(1_000_000);
  expect(bucket.available(0)).toBe(Number.POSITIVE_INFINITY);
  expect(bucket.nextTokenInMs(0)).toBe(0);
});

test("another rate is in force at once, and a clock that stands still gives nothing", () => {
  const bucket = new TokenBucket(100, 0);
  bucket.available(1000);
  bucket.setRate(10, 1000);
  expect(bucket.available(1000)).toBe(1);
  bucket.take(1);
  expect(bucket.available(1000)).toBe(0);
  expect(bucket.available(1100)).toBe(1);
});
