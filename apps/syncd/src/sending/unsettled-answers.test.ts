import { expect, test } from "vitest";

import { settlementAt } from "./made-attempt.ts";
import { UnsettledAnswers, type PendingSettlement } from "./unsettled-answers.ts";

function settlement(id: string): PendingSettlement {
  return {
    id,
    lane: "default/1",
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
    attempt: { account: "default", action: "v2", outcome: "accepted", startedAtMs: -15, durationMs: 10 },
  };
}

test("an answer whose statement failed is taken again, before those that came later", () => {
  const unsettled = new UnsettledAnswers();
  unsettled.add(settlement("1"));
  unsettled.take(10, 0);
  unsettled.add(settlement("2"));
  unsettled.restore();

  expect(unsettled.take(10, 0).map(({ id }) => id)).toEqual(["1", "2"]);
  unsettled.confirm(new Set(), 0);
  expect(unsettled.backlog).toBe(0);
});

test("an answer counts as backlog until it is confirmed, also while its statement runs", () => {
  const unsettled = new UnsettledAnswers();
  unsettled.add(settlement("1"));
  unsettled.take(10, 0);
  expect(unsettled.backlog).toBe(1);
  expect(unsettled.claims).toEqual(["1:1"]);
});

test("an answer whose row is locked is kept, and taken again a little later, without keeping the others", () => {
  const unsettled = new UnsettledAnswers();
  unsettled.add(settlement("1"));
  unsettled.add(settlement("2"));
  unsettled.take(10, 0);
  unsettled.confirm(new Set(["2"]), 0);
  expect(unsettled.backlog).toBe(1);
  expect(unsettled.take(10, 499)).toEqual([]);
  expect(unsettled.take(10, 500).map(({ id }) => id)).toEqual(["2"]);
});

test("an answer that is postponed is not ready, so that nobody waits for it as for one that can be written", () => {
  const unsettled = new UnsettledAnswers();
  unsettled.add(settlement("1"));
  unsettled.take(10, 0);
  unsettled.confirm(new Set(["1"]), 0);
  unsettled.add(settlement("2"));

  expect(unsettled.ready(0)).toBe(1);
  expect(unsettled.ready(unsettled.retryInMs(0))).toBe(2);
});

test("how long the oldest answer waits counts from when it came, however often it is tried", () => {
  const unsettled = new UnsettledAnswers();
  expect(unsettled.oldestMs(0)).toBe(0);
  unsettled.add(settlement("1"), 1000);
  unsettled.add(settlement("2"), 3000);
  unsettled.take(10, 3000);
  expect(unsettled.oldestMs(3500)).toBe(2500);
  unsettled.restore();
  unsettled.take(10, 4000);
  unsettled.confirm(new Set(["1"]), 4000);
  expect(unsettled.oldestMs(61_000)).toBe(60_000);
  unsettled.take(10, 61_000);
  unsettled.confirm(new Set(), 61_000);
  expect(unsettled.oldestMs(61_000)).toBe(0);
});

test("the age of an attempt is that of the moment when it is written", () => {
  const unsettled = new UnsettledAnswers();
  const request = { account: "default", action: "v2", outcome: "accepted", durationMs: 10 } as const;
  unsettled.add({ ...settlement("1"), attempt: { ...request, startedAtMs: 100 } });
  const [kept] = unsettled.take(10, 5100);
  expect(kept && settlementAt(kept, 5100).attempt).toEqual({ ...request, ageMs: 5000 });
});

test("an answer set aside is put off by itself, and counts how often it was", () => {
  const unsettled = new UnsettledAnswers();
  for (const id of ["1", "2"]) unsettled.add(settlement(id), 0);
  unsettled.take(10, 0);
  unsettled.setAside(0);
  const [first] = unsettled.aside;
  if (first !== undefined) unsettled.putOffAside(first, 500);
  expect(unsettled.aside.map(({ waits, notBeforeMs }) => [waits, notBeforeMs])).toEqual([
    [1, 500],
    [0, 0],
  ]);
});

test("of more answers than a batch takes, the oldest are taken, and the others are left out until they are", () => {
  const unsettled = new UnsettledAnswers();
  for (const id of ["1", "2", "3"]) unsettled.add(settlement(id));
  expect(unsettled.leftOut(2, 0)).toBe(1);
  expect(unsettled.take(2, 0).map(({ id }) => id)).toEqual(["1", "2"]);
  unsettled.confirm(new Set(["2"]), 0);
  // The locked one is not ready yet.
  expect(unsettled.leftOut(2, 0)).toBe(1);
  expect(unsettled.take(2, 0).map(({ id }) => id)).toEqual(["3"]);
  expect(unsettled.leftOut(2, 500)).toBe(0);
});
