import * as fc from "fast-check";
import { expect, test } from "vitest";

import { SeededRandom } from "../random/seeded-random.ts";
import type { Disturbance, DisturbanceKind, Scheduled } from "./disturbance.ts";
import { schedule, type ScheduleOptions } from "./schedule.ts";

const seed = fc.integer({ min: 0, max: 0xffff_ffff });
const options = fc.record({
  seconds: fc.integer({ min: 20, max: 900 }),
  instances: fc.integer({ min: 1, max: 9 }),
  leaseSeconds: fc.integer({ min: 3, max: 30 }),
});

const always: readonly DisturbanceKind[] = [
  "kill -9",
  "SIGTERM",
  "short pause",
  "pause beyond the lease",
  "restart fast",
  "restart immediate",
  "terminate all backends",
  "terminate one backend",
  "lock table",
  "lock rows",
  "hold snapshot",
  "trigger returns null",
  "trigger raises",
  "trigger raises at the commit",
  "trigger sleeps",
  "trigger waits for a lock",
  "truncate",
  "delete while sending",
  "edit while sending",
  "restore",
];

function plan(seedOfRun: number, given: ScheduleOptions): readonly Scheduled[] {
  return schedule(new SeededRandom(seedOfRun), given);
}

function planned(seedOfRun: number, given: ScheduleOptions): readonly Disturbance[] {
  return plan(seedOfRun, given).map(({ disturbance }) => disturbance);
}

test("the same seed gives the same disturbances at the same times", () => {
  fc.assert(
    fc.property(seed, options, (value, given) => {
      expect(plan(value, given)).toEqual(plan(value, given));
    }),
  );
});

test("another seed gives another schedule", () => {
  fc.assert(
    fc.property(seed, seed, options, (one, other, given) => {
      const isSame = JSON.stringify(plan(one, given)) === JSON.stringify(plan(other, given));
      expect(isSame).toBe(one === other);
    }),
  );
});

test("every run has each kind at least once, the lengthy one only if there is time", () => {
  fc.assert(
    fc.property(seed, options, (value, given) => {
      const kinds = new Set<DisturbanceKind>(planned(value, given).map(({ kind }) => kind));
      expect(always.filter((kind) => !kinds.has(kind))).toEqual([]);
      expect(kinds.has("lock table for long")).toBe(given.seconds >= 180);
    }),
  );
});

test("disturbances come in order, within the time, for instances that exist", () => {
  fc.assert(
    fc.property(seed, options, (value, given) => {
      const times = plan(value, given).map(({ atMs }) => atMs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.at(-1)).toBeLessThanOrEqual(given.seconds * 1000);
      const struck = planned(value, given).flatMap((it) => ("instance" in it ? [it.instance] : []));
      expect(Math.max(...struck)).toBeLessThan(given.instances);
    }),
  );
});

test("a short pause ends before the instance is declared dead", () => {
  fc.assert(
    fc.property(seed, options, (value, given) => {
      const pauses = planned(value, given).flatMap((it) => (it.kind === "short pause" ? [it.ms] : []));
      expect(Math.max(...pauses)).toBeLessThan(given.leaseSeconds * 1000);
    }),
  );
});
