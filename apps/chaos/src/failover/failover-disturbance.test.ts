import { expect, test } from "vitest";

import { SeededRandom } from "../random/seeded-random.ts";
import { strikes } from "./failover-disturbance.ts";

const options = { instances: 3, ttlSeconds: 6 };

function first(seed: number, count: number) {
  const endless = strikes(new SeededRandom(seed), options);
  return Array.from({ length: count }, () => {
    const { value } = endless.next();
    if (value === undefined) throw new Error("There are no more strikes.");
    return value;
  });
}

test("each round strikes in every way once, in an order that the seed decides", () => {
  const kinds = first(7, 20).map(({ disturbance }) => disturbance.kind);

  expect(new Set(kinds.slice(0, 10)).size).toBe(10);
  expect(new Set(kinds.slice(10))).toEqual(new Set(kinds.slice(0, 10)));
  expect(first(7, 20)).toEqual(first(7, 20));
  expect(first(8, 20)).not.toEqual(first(7, 20));
});

test("what another node has to take over from is away for longer than a leader may be silent", () => {
  const away = first(7, 50).flatMap(({ disturbance }) =>
    disturbance.kind === "kill the leader" || disturbance.kind === "kill Patroni" ? [disturbance.downMs] : [],
  );

  expect(away).toHaveLength(10);
  expect(Math.min(...away)).toBeGreaterThan(options.ttlSeconds * 1000);
});
