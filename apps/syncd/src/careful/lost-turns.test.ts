import { expect, test } from "vitest";

import { LostTurns } from "./lost-turns.ts";

test("turns that were lost one after the other are one range, and no turn between two outages is in any", () => {
  const lost = new LostTurns();
  for (const turn of [3, 4, 5, 8]) lost.lose(turn);
  expect(lost.ranges).toEqual([
    { first: 3, last: 5 },
    { first: 8, last: 8 },
  ]);
});

test("after a thousand outages the earliest are given up, not joined with what was answered between them", () => {
  const lost = new LostTurns();
  for (let turn = 1; turn <= 4000; turn += 2) lost.lose(turn);
  expect(lost.ranges).toHaveLength(1000);
  expect(lost.ranges.at(0)).toEqual({ first: 2001, last: 2001 });
});
