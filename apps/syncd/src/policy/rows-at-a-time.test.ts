import { expect, test } from "vitest";

import { rowsAtATime } from "./rows-at-a-time.ts";

const many = [1, 40, 500, 2000].flatMap((lanes) =>
  [500, 4000, 12_000].map((perSecond) => ({ lanes, perSecond })),
);

test("each lane is asked within half a second, if one row of each can be sent in that time", () => {
  const rounds = many
    .map(({ lanes, perSecond }) => ({ lanes, perSecond, rows: rowsAtATime(lanes, perSecond) }))
    .filter(({ rows }) => rows > 1)
    .map(({ lanes, perSecond, rows }) => (lanes * rows) / perSecond);
  expect(rounds.length).toBeGreaterThan(5);
  expect(Math.max(...rounds)).toBeLessThanOrEqual(0.5);
});

test("a slow API gives each lane one row", () => {
  expect(rowsAtATime(10, 8)).toBe(1);
  expect(rowsAtATime(10, 0)).toBe(1);
});

test("a fast daemon asks for several rows of a lane, up to a limit", () => {
  expect(rowsAtATime(2000, 12_000)).toBe(3);
  expect(rowsAtATime(100, 12_000)).toBe(8);
});
