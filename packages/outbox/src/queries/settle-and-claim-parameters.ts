import { parseLane } from "../lane.ts";
import type { LaneClaim, Settlement } from "./turn.ts";

/** A settlement as a row of the function's `answers`; null for what it lacks. */
export function toAnswer(settlement: Settlement): Record<string, unknown> {
  const { attempt } = settlement;
  return {
    id: settlement.id,
    fence: settlement.fence,
    claim: settlement.claim,
    seal: settlement.seal,
    claimed_by: settlement.claimedBy,
    status: settlement.status,
    retry_in_ms: settlement.retryInMs ?? undefined,
    refund: settlement.refundAttempt ? 1 : 0,
    http_status: settlement.httpStatus ?? undefined,
    reference: settlement.reference ?? undefined,
    response: settlement.response ?? undefined,
    error_code: settlement.errorCode ?? undefined,
    error: settlement.error ?? undefined,
    account: attempt?.account,
    action: attempt?.action,
    outcome: attempt?.outcome,
    age_ms: attempt?.ageMs,
    duration_ms: attempt?.durationMs,
    // It matters only to rows that are to be sent again.
    era: settlement.status === "pending" ? (settlement.era ?? undefined) : undefined,
  };
}

/** A claim as a row of the function's `wishes`. */
export function toWish(claim: LaneClaim): Record<string, unknown> {
  return {
    lane: claim.lane,
    priority: claim.priority,
    due_at_us: claim.after?.dueAtUs ?? null,
    id: claim.after?.id ?? "0",
    limit: claim.limit,
    scan: claim.scan,
    account: claim.account,
    campaign: parseLane(claim.lane).campaign,
    alarms: claim.alarms,
    trial: claim.trial,
    rules: claim.rules,
    avoid: claim.avoid,
  };
}
