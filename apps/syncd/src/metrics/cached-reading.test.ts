import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { CachedReading } from "./cached-reading.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A reading that takes this long and returns its number. */
function counting(ms: number): { readonly read: () => Promise<number>; readonly calls: () => number } {
  let calls = 0;
  const read = async (): Promise<number> => {
    calls += 1;
    const mine = calls;
    await new Promise((resolve) => setTimeout(resolve, ms));
    return mine;
  };
  return { read, calls: () => calls };
}

test("concurrent callers share one reading, which stays fresh for five seconds", async () => {
  const { read, calls } = counting(10);
  const reading = new CachedReading(read, () => {});
  const all = Promise.all([reading.get(), reading.get(), reading.get()]);
  await vi.advanceTimersByTimeAsync(10);
  expect(await all).toEqual([1, 1, 1]);
  await vi.advanceTimersByTimeAsync(4000);
  expect(await reading.get()).toBe(1);
  await vi.advanceTimersByTimeAsync(1001);
  const next = reading.get();
  await vi.advanceTimersByTimeAsync(10);
  expect(await next).toBe(2);
  expect(calls()).toBe(2);
});

test("a reading of two seconds rests for a hundred", async () => {
  const { read, calls } = counting(2000);
  const reading = new CachedReading(read, () => {});
  for (let second = 0; second < 200; second += 1) {
    void reading.get();
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(calls()).toBe(2);
});

test("no value is older than two minutes plus the time of a reading", async () => {
  const { read, calls } = counting(15_000);
  const reading = new CachedReading(read, () => {});
  void reading.get().catch(() => "It takes too long the first time.");
  await vi.advanceTimersByTimeAsync(15_000);
  await vi.advanceTimersByTimeAsync(119_000);
  expect(await reading.get()).toBe(1);
  expect(calls()).toBe(1);
  await vi.advanceTimersByTimeAsync(1001);
  void reading.get();
  expect(calls()).toBe(2);
});

test("a slow reading gives the previous value, and fails if there is none", async () => {
  let ms = 60_000;
  const reading = new CachedReading(
    () => new Promise<string>((resolve) => setTimeout(() => resolve(`after ${ms}`), ms)),
    () => {},
  );
  const first = reading.get().catch(String);
  await vi.advanceTimersByTimeAsync(5000);
  expect(await first).toContain("too long");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await reading.get()).toBe("after 60000");
  ms = 90_000;
  await vi.advanceTimersByTimeAsync(4_000_000);
  const slow = reading.get();
  await vi.advanceTimersByTimeAsync(5000);
  expect(await slow).toBe("after 60000");
});

test("a failure is reported once, and every caller gets it until the next try", async () => {
  const reported: unknown[] = [];
  let fails = true;
  const reading = new CachedReading(
    async () => {
      if (fails) throw new Error("away");
      return "back";
    },
    (error) => reported.push(error),
  );
  await expect(reading.get()).rejects.toThrow("away");
  await expect(reading.get()).rejects.toThrow("away");
  expect(reported).toHaveLength(1);
  fails = false;
  await vi.advanceTimersByTimeAsync(5001);
  expect(await reading.get()).toBe("back");
});
