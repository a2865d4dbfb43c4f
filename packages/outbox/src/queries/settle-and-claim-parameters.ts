import type { LaneClaim, Settlement } from "./settle-and-claim.ts";

/** A settlement as a row of the statement's `answer`. */
export function toAnswer(settlement: Settlement): Record<string, unknown> {
  const { attempt } = settlement;
  return {
    id: settlement.id,
    fence: settlement.fence,
    claimed_by: settlement.claimedBy,
    status: settlement.status,
    retry_in_ms: settlement.retryInMs,
    refund: settlement.refundAttempt ? 1 : 0,
    http_status: settlement.httpStatus,
    reference: settlement.reference,
    response: settlement.response,
    error_code: settlement.errorCode,
    error: settlement.error,
    account: attempt?.account,
    action: attempt?.action,
    outcome: attempt?.outcome,
    age_ms: attempt?.ageMs,
    duration_ms: attempt?.durationMs,
  };
}

/** A claim as a row of the statement's `wish`. */
export function toWish(claim: LaneClaim): Record<string, unknown> {
  return {
    lane: claim.lane,
    priority: claim.priority,
    due_at_us: claim.after?.dueAtUs ?? null,
    id: claim.after?.id ?? "0",
    limit: claim.limit,
    scan: claim.scan,
    account: claim.account,
    alarms: claim.alarms,
    trial: claim.trial,
  };
}
