import { claimKey, type KnownTurns, type Reclaimed } from "../../src/daemon.ts";
import { reclaimed, rescued, sendsAgain } from "@talkme/model";

import type { OnUnknown } from "../../src/index.ts";
import { compareMoments, type Model, type Moment, type ModelRow } from "./model.ts";

export interface RescueImage {
  readonly id: string;
  readonly claimedBy: string;
  readonly attempts: number;
  readonly status: "unknown" | "pending";
}

/** Predicts which instances are dead and what becomes of their rows; moves the model on. */
export function predictRescue(
  model: Model,
  onUnknown: OnUnknown,
  maxAttempts: number,
  lockedId: string | null,
): readonly RescueImage[] {
  for (const [name, heardAtMinute] of model.heardAtMinute) {
    // To the minute: the shifted clock has ticked on a little since it was heard from.
    if (model.minute - heardAtMinute >= model.leaseMinutes) model.heardAtMinute.delete(name);
  }
  const images: RescueImage[] = [];
  for (const row of model.rows) {
    if (row.status !== "sending" || row.claimedBy === null || row.id === lockedId) continue;
    if (model.heardAtMinute.has(row.claimedBy)) continue;
    const resend = sendsAgain(row.onUnknown ?? onUnknown, row.attempts, row.maxAttempts ?? maxAttempts);
    const status = resend ? "pending" : "unknown";
    images.push({ id: row.id, claimedBy: row.claimedBy, attempts: row.attempts, status });
    Object.assign(row, rescued(row, resend));
    row.errorCode = "instance_lost";
  }
  return images;
}

/** Predicts what becomes of an instance's rows that it does not know of; moves the model on. */
export function predictReclaim(
  model: Model,
  instance: string,
  { claims, lost, last }: KnownTurns,
): Reclaimed {
  const released: string[] = [];
  const forgotten: string[] = [];
  for (const row of model.rows) {
    const { id, status, claim } = row;
    if (status !== "sending" || row.claimedBy !== instance || claim === null || claim > last) continue;
    if (claims.includes(claimKey({ id, claim }))) continue;
    const neverDispatched = lost.some((range) => range.first <= claim && claim <= range.last);
    (neverDispatched ? released : forgotten).push(id);
    Object.assign(row, reclaimed(row, neverDispatched));
    if (!neverDispatched) row.errorCode = "answer_forgotten";
  }
  return { released, forgotten };
}

/** Predicts how many overdue rows expire, the longest overdue first; moves the model on. */
export function predictExpiry(model: Model, limit: number): number {
  const overdue = model.rows
    .filter(
      (row): row is ModelRow & { expiresAt: Moment } => row.status === "pending" && model.isOverdue(row),
    )
    .toSorted((a, b) => compareMoments(a.expiresAt, b.expiresAt) || Number(a.id) - Number(b.id))
    .slice(0, limit);
  for (const row of overdue) {
    row.status = "expired";
    row.errorCode = "expired";
  }
  return overdue.length;
}
