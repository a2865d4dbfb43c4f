import { expect, test } from "vitest";
import { draw } from "./draw.ts";

const draws = Array.from({ length: 10_000 }, (_, index) => draw(1, `0:1198${index}:1:strike`));

test("a draw depends only on the seed and the key", () => {
  expect(draw(1, "a")).toBe(draw(1, "a"));
  expect(draw(1, "a")).not.toBe(draw(2, "a"));
  expect(draw(1, "a")).not.toBe(draw(1, "b"));
});

test("draws are at least 0 and less than 1", () => {
  expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...draws)).toBeLessThan(1);
});

test("draws for neighbouring keys spread evenly over ten bins", () => {
  const bins = Map.groupBy(draws, (value) => Math.floor(value * 10));
  for (let bin = 0; bin < 10; bin++) {
    expect(bins.get(bin)?.length).toBeGreaterThan(900);
    expect(bins.get(bin)?.length).toBeLessThan(1100);
  }
});
