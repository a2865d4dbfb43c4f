import { expect, test } from "vitest";

import { ClaimMemory } from "./claim-memory.ts";
import type { PendingSettlement } from "./unsettled-answers.ts";

function claimedRow(id: string) {
  return {
    id,
    claim: 1,
    fence: 1,
    seal: 7,
    account: "default",
    idCampanha: "1",
    idWpp: null,
    numeroDest: "11988887777",
    emailDest: null,
    recipient: "5511988887777",
    txtmsg: "a text that is not kept",
    assunto: null,
    infoContato: null,
    attempts: 1,
    maxAttempts: null,
    onUnknown: null,
    lane: "default/1/-",
    priority: 0,
    dueAtUs: "1",
    waitedMs: 0,
    expiresInMs: null,
    traceparent: null,
  };
}

function answerTo(id: string, status: PendingSettlement["status"]): PendingSettlement {
  return {
    id,
    claim: 1,
    fence: 1,
    seal: 7,
    lane: "default/1/-",
    claimedBy: "a",
    status,
    retryInMs: null,
    refundAttempt: false,
    httpStatus: 200,
    reference: "42",
    response: "a long answer",
    errorCode: null,
    error: null,
    attempt: null,
  };
}

test("a claim counts as sent unless its answer says that nothing was, and its texts are not kept", () => {
  const memory = new ClaimMemory();
  for (const id of ["1", "2", "3"]) memory.claimed(claimedRow(id), "a", null, 0);
  memory.answered(answerTo("1", "sent"));
  memory.answered(answerTo("2", "pending"));
  expect(memory.claims(5).map(({ id, leftUs, ageMs }) => ({ id, leftUs, ageMs }))).toEqual([
    { id: "1", leftUs: true, ageMs: 5 },
    { id: "2", leftUs: false, ageMs: 5 },
    { id: "3", leftUs: true, ageMs: 5 },
  ]);
  expect(memory.answers(new Set(["2:1"]))).toMatchObject([{ id: "1", reference: "42", response: null }]);
  expect(JSON.stringify(memory.claims(5))).not.toMatch(/11988887777|text/);
});

test("the earliest claims are forgotten beyond the most that it keeps", () => {
  const memory = new ClaimMemory(2);
  for (const id of ["1", "2", "3"]) memory.claimed(claimedRow(id), "a", null, 0);
  memory.answered(answerTo("1", "sent"));
  expect(memory.claims(0).map(({ id }) => id)).toEqual(["2", "3"]);
  expect(memory.answers(new Set())).toEqual([]);
});
