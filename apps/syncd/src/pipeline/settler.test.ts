import { expect, test } from "vitest";

import { MadeAttempt } from "./made-attempt.ts";
import { Settler, type PendingSettlement } from "./settler.ts";

function settlement(id: string): PendingSettlement {
  return {
    id,
    claim: 1,
    fence: 1,
    seal: 0,
    claimedBy: "a",
    status: "sent",
    retryInMs: null,
    refundAttempt: false,
    httpStatus: 200,
    reference: null,
    response: null,
    errorCode: null,
    error: null,
    attempt: { account: "default", action: "v2", outcome: "accepted", ageMs: 15, durationMs: 10 },
  };
}

test("an answer whose statement failed is taken again, before those that came later", () => {
  const settler = new Settler();
  settler.add(settlement("1"));
  settler.take(10, 0);
  settler.add(settlement("2"));
  settler.restore();

  expect(settler.take(10, 0).map(({ id }) => id)).toEqual(["1", "2"]);
  settler.confirm(new Set(), 0);
  expect(settler.backlog).toBe(0);
});

test("an answer counts as backlog until it is confirmed, also while its statement runs", () => {
  const settler = new Settler();
  settler.add(settlement("1"));
  settler.take(10, 0);
  expect(settler.backlog).toBe(1);
  expect(settler.claims).toEqual(["1:1"]);
});

test("an answer whose row is locked is kept, and taken again a little later, without keeping the others", () => {
  const settler = new Settler();
  settler.add(settlement("1"));
  settler.add(settlement("2"));
  settler.take(10, 0);
  settler.confirm(new Set(["2"]), 0);
  expect(settler.backlog).toBe(1);
  expect(settler.take(10, 499)).toEqual([]);
  expect(settler.take(10, 500).map(({ id }) => id)).toEqual(["2"]);
});

test("an answer that is postponed is not ready, so that nobody waits for it as for one that can be written", () => {
  const settler = new Settler();
  settler.add(settlement("1"));
  settler.take(10, 0);
  settler.confirm(new Set(["1"]), 0);
  settler.add(settlement("2"));

  expect(settler.ready(0)).toBe(1);
  expect(settler.ready(settler.retryInMs(0))).toBe(2);
});

test("how long the oldest answer waits counts from when it came, however often it is tried", () => {
  const settler = new Settler();
  expect(settler.oldestMs(0)).toBe(0);
  settler.add(settlement("1"), 1000);
  settler.add(settlement("2"), 3000);
  settler.take(10, 3000);
  expect(settler.oldestMs(3500)).toBe(2500);
  settler.restore();
  settler.take(10, 4000);
  settler.confirm(new Set(["1"]), 4000);
  expect(settler.oldestMs(61_000)).toBe(60_000);
  settler.take(10, 61_000);
  settler.confirm(new Set(), 61_000);
  expect(settler.oldestMs(61_000)).toBe(0);
});

test("the age of an attempt is that of the moment when it is written", () => {
  const settler = new Settler();
  const request = { action: "v2", outcome: "accepted" } as const;
  let nowMs = 110;
  const attempt = new MadeAttempt("default", request, 100, 10, () => nowMs);
  settler.add({ ...settlement("1"), attempt });
  nowMs = 5100;
  expect(settler.take(10, nowMs)[0]?.attempt?.ageMs).toBe(5000);
});

test("of more answers than a batch takes, the oldest are taken, and the others are left out until they are", () => {
  const settler = new Settler();
  for (const id of ["1", "2", "3"]) settler.add(settlement(id));
  expect(settler.leftOut(2, 0)).toBe(1);
  expect(settler.take(2, 0).map(({ id }) => id)).toEqual(["1", "2"]);
  settler.confirm(new Set(["2"]), 0);
  // The locked one is not ready yet.
  expect(settler.leftOut(2, 0)).toBe(1);
  expect(settler.take(2, 0).map(({ id }) => id)).toEqual(["3"]);
  expect(settler.leftOut(2, 500)).toBe(0);
});
