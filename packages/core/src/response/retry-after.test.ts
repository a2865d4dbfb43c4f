import { describe, expect, it } from "vitest";

import { retryAfterMs } from "./retry-after.ts";

const nowMs = Date.UTC(2026, 10, 22, 12, 0, 0);

describe("retryAfterMs", () => {
  it.each([
    ["0", 0],
    ["120", 120_000],
    [" 7 ", 7000],
    ["31536000", 31_536_000_000],
    ["9".repeat(30), Number.MAX_SAFE_INTEGER],
    ["Sun, 22 Nov 2026 12:01:00 GMT", 60_000],
    ["Sunday, 22-Nov-26 12:01:00 GMT", 60_000],
    ["Sun Nov 22 12:01:00 2026", 60_000],
    ["Sun, 22 Nov 2026 11:00:00 GMT", 0],
  ])("reads %s without clamping it", (value, expected) => {
    expect(retryAfterMs(value, undefined, nowMs)).toBe(expected);
  });

  it.each([undefined, "", "soon", "-1", "1.5", "2026-11-22", "Sun, 99 Nov 2026 12:01:00 GMT"])(
    "reads nothing in %s",
    (value) => {
      expect(retryAfterMs(value, undefined, nowMs)).toBeUndefined();
    },
  );

  it("measures a date from the server's clock if the answer has it, however wrong the local clock is", () => {
    const until = "Sun, 22 Nov 2026 12:01:00 GMT";
    const serverNow = "Sun, 22 Nov 2026 12:00:30 GMT";
    for (const wrongByHours of [-1, 0, 1]) {
      expect(retryAfterMs(until, serverNow, nowMs + wrongByHours * 3_600_000)).toBe(30_000);
    }
    expect(retryAfterMs(until, "nonsense", nowMs)).toBe(60_000);
  });
});
