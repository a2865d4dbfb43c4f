import { expect, test } from "vitest";

import { isTrusted, quietMs, unknownLane } from "./lane-trust.ts";

test("a lane is trusted for ten minutes after the API accepted a message of it", () => {
  expect(isTrusted(unknownLane, 0)).toBe(false);
  const accepted = { ...unknownLane, acceptedAtMs: 0 };
  expect(isTrusted(accepted, 599_999)).toBe(true);
  expect(isTrusted(accepted, 600_000)).toBe(false);
});

test("a lane waits longer after each further 404, up to five minutes", () => {
  expect([1, 2, 3, 4, 20].map(quietMs)).toEqual([0, 2000, 4000, 8000, 300_000]);
});
