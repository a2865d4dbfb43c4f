import * as fc from "fast-check";
import { expect, test } from "vitest";

import { SeededRandom } from "./seeded-random.ts";

const seed = fc.integer({ min: 0, max: 0xffff_ffff });

function draws(random: SeededRandom): readonly number[] {
  return Array.from({ length: 50 }, () => random.next());
}

test("the same seed gives the same numbers", () => {
  fc.assert(
    fc.property(seed, (value) => {
      expect(draws(new SeededRandom(value))).toEqual(draws(new SeededRandom(value)));
    }),
  );
});

test("another seed gives other numbers", () => {
  fc.assert(
    fc.property(seed, seed, (one, other) => {
      const [first, second] = [draws(new SeededRandom(one)), draws(new SeededRandom(other))];
      expect(first.join() === second.join()).toBe(one === other);
    }),
  );
});

test("a fork depends only on the seed and its label, not on earlier draws", () => {
  fc.assert(
    fc.property(seed, fc.string(), fc.nat(20), (value, label, drawn) => {
      const used = new SeededRandom(value);
      for (let count = 0; count < drawn; count++) used.next();
      expect(draws(used.fork(label))).toEqual(draws(new SeededRandom(value).fork(label)));
    }),
  );
});

test("whole numbers stay within their limits and reach both", () => {
  const random = new SeededRandom(7);
  const numbers = new Set(Array.from({ length: 500 }, () => random.integer(-2, 3)));
  expect([...numbers].toSorted((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
});

test("a shuffle keeps every item", () => {
  fc.assert(
    fc.property(seed, fc.array(fc.string()), (value, items) => {
      const shuffled = new SeededRandom(value).shuffled(items);
      expect(Map.groupBy(shuffled, String)).toEqual(Map.groupBy(items, String));
    }),
  );
});
