import { raisedCodes } from "../disturb/customer-trigger.ts";
import type { Edit } from "../disturb/edit-rows.ts";
import type { SeededRandom } from "../random/seeded-random.ts";
import type { Disturbance, DisturbanceKind, Scheduled } from "./disturbance.ts";

export interface ScheduleOptions {
  readonly seconds: number;
  readonly instances: number;
  readonly leaseSeconds: number;
}

/** Kinds that every run has at least once. */
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
  "delete while sending",
  "edit while sending",
  "restore",
];

/** Kinds that come first and rarely again, because they remove the traces of others. */
const firstOfAll: DisturbanceKind = "truncate";

const edits: readonly Edit[] = ["id", "fence", "number", "status failed", "status sent", "status unknown"];

/** Kinds that stop everything for twelve seconds: only in long runs. */
const lengthy: readonly DisturbanceKind[] = ["lock table for long"];
const seldom: readonly DisturbanceKind[] = [...lengthy, firstOfAll];
const lengthyFromSeconds = 180;

/** Processes are disturbed more often than the rest. */
const usual: readonly DisturbanceKind[] = [
  ...always,
  "kill -9",
  "kill -9",
  "SIGTERM",
  "pause beyond the lease",
  "pause beyond the lease",
  "terminate one backend",
];
const lengthyChance = 0.005;

const firstAtMs = 1000;
const longestGapMs = 4000;

/**
 * The disturbances of a run in time order: first each kind once, in an order that the seed decides, then any. Pure.
 */
export function schedule(random: SeededRandom, options: ScheduleOptions): readonly Scheduled[] {
  const endMs = options.seconds * 1000;
  const isLengthy = options.seconds >= lengthyFromSeconds;
  const first = [firstOfAll, ...random.shuffled(isLengthy ? [...always, ...lengthy] : always)];
  // Leaves time at the end for the effects of the last ones.
  const gapMs = Math.min(longestGapMs, (endMs * 0.75) / first.length);
  const scheduled = first.map((kind, index) => ({
    atMs: Math.round(firstAtMs + index * gapMs),
    disturbance: disturbance(kind, random, options),
  }));
  for (let atMs = firstAtMs + first.length * gapMs; atMs < endMs; atMs += random.integer(300, longestGapMs)) {
    const kind = isLengthy && random.chance(lengthyChance) ? random.pick(seldom) : random.pick(usual);
    scheduled.push({ atMs: Math.round(atMs), disturbance: disturbance(kind, random, options) });
  }
  return scheduled;
}

function disturbance(
  kind: DisturbanceKind,
  random: SeededRandom,
  { instances, leaseSeconds }: ScheduleOptions,
): Disturbance {
  const instance = random.integer(0, instances - 1);
  const leaseMs = leaseSeconds * 1000;
  switch (kind) {
    case "kill -9":
    case "SIGTERM":
      return { kind, instance, downMs: random.integer(0, 1500) };
    case "short pause":
      return { kind, instance, ms: random.integer(50, Math.round(leaseMs / 2)) };
    case "pause beyond the lease":
      return { kind, instance, extraMs: random.integer(0, leaseMs) };
    case "restart fast":
    case "restart immediate":
      return { kind, downMs: random.integer(0, 1500) };
    case "terminate all backends":
      return { kind };
    case "terminate one backend":
      return { kind, choice: random.integer(0, 1000) };
    case "lock table":
      return { kind, ms: random.integer(100, 2500) };
    case "lock table for long":
      return { kind, ms: random.integer(16_000, 18_000) };
    case "lock rows":
      return { kind, rows: random.integer(1, 20), ms: random.integer(500, 4000) };
    case "hold snapshot":
      return { kind, ms: random.integer(2000, 10_000) };
    case "trigger returns null":
      return { kind, ms: random.integer(1000, 4000), body: { does: "null" } };
    case "trigger raises":
    case "trigger raises at the commit": {
      const does = kind === "trigger raises" ? "raise" : "raise deferred";
      const at = random.pick(moments);
      return { kind, ms: random.integer(1000, 4000), body: { does, at, code: random.pick(raisedCodes) } };
    }
    case "trigger sleeps": {
      const at = random.pick(moments);
      return {
        kind,
        ms: random.integer(1000, 4000),
        body: { does: "sleep", at, sleepMs: random.integer(100, 1200) },
      };
    }
    case "trigger waits for a lock":
      return { kind, ms: random.integer(1000, 4000), body: { does: "wait", at: random.pick(moments) } };
    case "truncate":
      return { kind };
    case "delete while sending":
      return { kind, rows: random.integer(1, 5) };
    case "edit while sending":
      return { kind, rows: random.integer(1, 5), edit: random.pick(edits) };
    case "restore":
      return { kind, rows: random.integer(1, 8), ms: random.integer(100, 1500) };
  }
}

const moments = ["sending", "sent"] as const;
