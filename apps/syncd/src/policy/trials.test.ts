import { describe, expect, test } from "vitest";

import { closedCircuit, observe, passage, type Circuit } from "./circuit.ts";
import { patienceMs, trialWaitMs } from "./trials.ts";

const policy = { troublesToOpen: 100, pauseMs: 15_000, longPauseMs: 300_000 };
const patience = patienceMs(null);
const never = Number.POSITIVE_INFINITY;

function waitMs(sinceMs: readonly number[], proven: boolean, nowMs: number): number {
  return trialWaitMs(
    sinceMs.map((since) => ({ sinceMs: since })),
    { proven, patienceMs: patience },
    nowMs,
  );
}

describe("a lane that is not known to work is tried", () => {
  test("at once if no other is on trial", () => {
    expect(waitMs([], false, 0)).toBe(0);
  });

  test("beside one that has been silent for a moment", () => {
    expect(waitMs([0], false, 0)).toBe(patience / 2);
    expect(waitMs([0], false, patience / 2)).toBe(0);
  });

  test("beside two only if the API accepts the account's messages, and never beside four", () => {
    expect(waitMs([0, 200], false, 1_000_000)).toBe(never);
    expect(waitMs([0, 200], true, 200)).toBe(patience / 2);
    expect(waitMs([0, 200, 400], true, 1_000_000)).toBe(0);
    expect(waitMs([0, 200, 400, 600], true, 1_000_000)).toBe(never);
  });

  test("within a second of three that hang", () => {
    const begun: number[] = [];
    for (let i = 0, nowMs = 0; i < 3; i += 1) {
      nowMs += waitMs(begun, true, nowMs);
      begun.push(nowMs);
    }
    const last = begun.at(-1) ?? 0;
    expect(last + waitMs(begun, true, last)).toBeLessThan(1000);
  });

  test("beside a silent one as soon as the one before it is answered", () => {
    expect(waitMs([0], false, 5000)).toBe(0);
  });
});

test("how soon a request counts as silent depends on the usual time of answers, within bounds", () => {
  expect(patienceMs(null)).toBe(400);
  expect(patienceMs(5)).toBe(400);
  expect(patienceMs(300)).toBe(900);
  expect(patienceMs(60_000)).toBe(3000);
});

/** What an API may answer to a trial, at any time, as far as the lock is concerned. */
interface World {
  readonly circuit: Circuit;
  /** When each request began, and whether a 404 came before it, so that its answer decides. */
  readonly wire: readonly { readonly sinceMs: number; readonly decides: boolean }[];
  /** 404s in a row as the API counts them: when it answers, which the daemon hears at once or later. */
  readonly atTheApi: number;
  readonly nowMs: number;
}

function begin(world: World): World | null {
  const { circuit, wire, nowMs } = world;
  const passes = passage(circuit, nowMs);
  const isFree =
    passes === "one"
      ? wire.length === 0
      : waitMs(
          wire.map(({ sinceMs }) => sinceMs),
          false,
          nowMs,
        ) === 0;
  if (passes === "nothing" || !isFree) return null;
  return { ...world, wire: [...wire, { sinceMs: nowMs, decides: passes === "one" }] };
}

function answer(world: World, index: number, signal: "not_found" | "success"): World {
  const request = world.wire[index];
  if (request === undefined) return world;
  const trial = request.decides;
  const permitted: Circuit = { ...world.circuit, trial: { by: "a", alive: true } };
  const event = { signal, trial, by: "a", retryAfterMs: null, atMs: world.nowMs };
  return {
    ...world,
    circuit: observe(permitted, event, policy),
    wire: world.wire.filter((_, i) => i !== index),
    atTheApi: signal === "not_found" ? world.atTheApi + 1 : 0,
  };
}

/** Every world that an API can make within a number of steps, by answers in any order and at any time. */
function worst(world: World, steps: number, signals: readonly ("not_found" | "success")[]): number {
  if (steps === 0) return world.atTheApi;
  const begun = begin(world);
  const next = [
    ...(begun === null ? [] : [begun]),
    { ...world, nowMs: world.nowMs + patience / 2 },
    ...world.wire.flatMap((_, index) => signals.map((signal) => answer(world, index, signal))),
  ];
  return Math.max(world.atTheApi, ...next.map((one) => worst(one, steps - 1, signals)));
}

describe("whatever an API answers to lanes that are not known to work, in any order and however late,", () => {
  const start: World = { circuit: closedCircuit, wire: [], atTheApi: 0, nowMs: 0 };

  test("if it accepts none, it is not asked a third time", () => {
    expect(worst(start, 11, ["not_found"])).toBe(2);
  });

  test("if it accepts some, it never counts three 404s in a row", () => {
    expect(worst(start, 9, ["not_found", "success"])).toBe(2);
  });
});
