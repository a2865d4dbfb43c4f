import { expect, test } from "vitest";

import { silences } from "./silences.ts";

const strike = { kind: "switch over", companion: null, hasMoved: true } as const;

test("a silence is the longest time without a message from the strike until sending resumes, not one before or after", () => {
  const strikes = [
    { ...strike, fromMs: 10_000, toMs: 20_000 },
    { ...strike, fromMs: 40_000, toMs: 44_000 },
  ];
  const accepted = [1000, 9999, 10_500, 13_500, 19_500, 39_000, 43_000, 60_000];

  expect(silences(strikes, accepted)).toEqual({
    "switch over": { strikes: 2, medianSeconds: 6, longestSeconds: 6 },
  });
});

test("a strike during which nothing was accepted is silent all the time", () => {
  expect(silences([{ ...strike, fromMs: 0, toMs: 2500 }], [])).toEqual({
    "switch over": { strikes: 1, medianSeconds: 2.5, longestSeconds: 2.5 },
  });
});
