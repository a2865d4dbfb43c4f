import { expect, test } from "vitest";

import { Suspects } from "./suspects.ts";

const quickMs = 500;

function row(id: string): {
  readonly id: string;
  readonly dueAtUs: string;
  readonly lane: string;
  readonly priority: number;
  readonly account: string;
} {
  return { id, dueAtUs: "1000", lane: "a", priority: 0, account: "default" };
}

test("a lane is cleared by a second claim that is as quick as others, unless something speaks against it", () => {
  const suspects = new Suspects(quickMs);
  suspects.suspect(["a"], 0);
  expect(suspects.batchOf("a")).toBe(1);
  suspects.succeeded("a", 1, 10, true, 10);
  expect(suspects.batchOf("a")).toBe(8);
  suspects.succeeded("a", 8, 10, false, 20);
  expect(suspects.has("a")).toBe(true);
  suspects.succeeded("a", 8, 10, true, 20);
  expect(suspects.isEmpty).toBe(true);
});

test("a lane with a slow trigger is given as many rows as it claims in a moment, one at least", () => {
  const suspects = new Suspects(quickMs);
  suspects.suspect(["a"], 0);
  suspects.succeeded("a", 1, 100, true, 100);
  expect(suspects.batchOf("a")).toBe(5);
  suspects.succeeded("a", 5, 6000, true, 6100);
  expect(suspects.batchOf("a")).toBe(1);
});

test("a lane whose answers are slow to be written stays apart, however quick its claims are", () => {
  const suspects = new Suspects(quickMs);
  suspects.settled("a", 5, 0);
  expect(suspects.isEmpty).toBe(true);
  suspects.settled("a", 300, 0);
  for (let nowMs = 100; nowMs < 10_000; nowMs += 100) suspects.succeeded("a", 8, 10, true, nowMs);
  expect(suspects.has("a")).toBe(true);
  suspects.succeeded("a", 8, 10, true, 10_000);
  expect(suspects.isEmpty).toBe(true);
});

test("lanes take turns", () => {
  const suspects = new Suspects(quickMs);
  suspects.suspect(["a", "b", "c"], 0);
  suspects.succeeded("a", 1, 100, true, 100);
  suspects.passOver("b", 100);
  expect(suspects.lanes(100)).toEqual(["c", "a", "b"]);
});

test("a row that waits is passed over, and tried again later each time; one that goes takes another along", () => {
  const suspects = new Suspects(quickMs);
  suspects.avoid(row("1"), 0);
  suspects.avoid(row("2"), 0);
  expect(suspects.avoidedIn("a")).toEqual(["1", "2"]);
  expect(suspects.avoidedIn("b")).toBeUndefined();
  expect(suspects.nextRow(999)).toBeNull();
  expect(suspects.nextRow(2000)).toMatchObject({ lane: "a" });

  suspects.avoid(row("1"), 2000);
  suspects.avoid(row("2"), 2000);
  expect(suspects.nextRow(2999)).toBeNull();
  suspects.forgive(row("1"), 2500);
  expect(suspects.nextRow(2500)).toMatchObject({ id: "2" });
});

test("after some rows in a row that wait, their lane waits", () => {
  const suspects = new Suspects(quickMs);
  suspects.suspect(["a"], 0);
  for (const id of ["1", "2"]) suspects.avoid(row(id), 0);
  expect(suspects.lanes(0)).toEqual(["a"]);
  suspects.avoid(row("3"), 0);
  expect(suspects.lanes(499)).toEqual([]);
  expect(suspects.lanes(1000)).toEqual(["a"]);
});
