import { describe, expect, test } from "vitest";

import { backoffMs } from "./backoff.ts";

const policy = { baseMs: 1000, maxMs: 60_000 };
const almostOne = (): number => 0.999_999;

describe("the wait before the next attempt", () => {
  test("is random below a ceiling that doubles with each attempt", () => {
    expect(backoffMs(policy, 1, 0, () => 0)).toBe(0);
    expect(backoffMs(policy, 1, 0, almostOne)).toBe(1000);
    expect(backoffMs(policy, 2, 0, almostOne)).toBe(2000);
    expect(backoffMs(policy, 5, 0, almostOne)).toBe(16_000);
  });

  test("never exceeds the maximum, whatever the number of attempts", () => {
    expect(backoffMs(policy, 7, 0, almostOne)).toBe(60_000);
    expect(backoffMs(policy, 1000, 0, almostOne)).toBe(60_000);
  });

  test("is never shorter than Retry-After, even where that is longer than the ceiling", () => {
    expect(backoffMs(policy, 1, 7_200_000, () => 0)).toBe(7_200_000);
    expect(backoffMs(policy, 1, 500, () => 0)).toBe(500);
  });
});
