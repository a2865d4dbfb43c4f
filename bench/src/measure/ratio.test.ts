import { expect, test } from "vitest";

import { spreadOf, verdictOf, type Goal, type Ratio } from "./ratio.ts";

function seriesOf(values: readonly number[]): Ratio["of"] {
  return { label: "", unit: "", values };
}

function ratioOf(of: readonly number[], over: readonly number[] | null, goal: Goal | null): Ratio {
  return { name: "", how: "", of: seriesOf(of), over: over && seriesOf(over), goal };
}

test("each round is divided by its neighbour in time, before the median is taken", () => {
  expect(spreadOf(ratioOf([10, 40, 90], [10, 20, 30], null))).toEqual({ median: 2, least: 1, greatest: 3 });
});

test("a rate must be at least its goal, a time at most", () => {
  const goal = { limit: 1, aim: null };
  expect(verdictOf(ratioOf([9], [10], { kind: "at least", ...goal }))).toBe("missed");
  expect(verdictOf(ratioOf([9], [10], { kind: "at most", ...goal }))).toBe("reached");
  expect(verdictOf(ratioOf([9], [10], null))).toBe("no goal");
});

test("a figure without a divisor is compared with its goal itself", () => {
  expect(verdictOf(ratioOf([0.04], null, { kind: "at most", limit: 0.05, aim: null }))).toBe("reached");
});
