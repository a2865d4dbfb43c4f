import type { ClaimedRow, LaneClaim, Settlement } from "@talkme/outbox/daemon";

/** The lane of all rows that fillOutbox makes. */
export const laneOfTheBench: Omit<LaneClaim, "after" | "limit"> = {
  lane: "default/1/-",
  priority: 0,
  account: "default",
  alarms: 0,
  trial: false,
  restricted: false,
  scan: 0,
  rules: null,
};

/** As after an answer of the API. */
export function accepted(row: ClaimedRow, claimedBy: string): Settlement {
  return {
    id: row.id,
    claim: row.claim,
    fence: row.fence,
    seal: row.seal,
    claimedBy,
    status: "sent",
    retryInMs: null,
    refundAttempt: false,
    httpStatus: 200,
    reference: "100000000001",
    response: "100000000001",
    errorCode: null,
    error: null,
    attempt: { account: row.account, action: "v2", outcome: "accepted", ageMs: 3, durationMs: 3 },
  };
}
