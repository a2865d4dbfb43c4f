import type { SettleAndClaimResult } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Metrics } from "../metrics/metrics.ts";

/** Logs and counts answers that came too late for their rows: somebody else has decided, or the rows are gone. */
export function noteLateAnswers(
  { stale, gone }: Pick<SettleAndClaimResult, "stale" | "gone">,
  { metrics, log }: { readonly metrics: Metrics; readonly log: Logger },
): void {
  if (stale.length > 0) {
    metrics.staleSettlements.inc(stale.length);
    log.warn({ ids: stale.slice(0, 20), count: stale.length }, "late answers matched no row");
  }
  if (gone.length > 0) {
    metrics.acceptedWithoutRow.inc(gone.length);
    log.error({ ids: gone.slice(0, 20), count: gone.length }, "accepted messages have no row any more");
  }
}

/** Logs rows that were not sent, and are not sent again either: the database has lost a part of its history since their claims. */
export function noteDoubtedAnswers(
  { doubted }: Pick<SettleAndClaimResult, "doubted">,
  { log }: { readonly log: Logger },
): void {
  if (doubted.length === 0) return;
  log.warn(
    { ids: doubted.slice(0, 20), count: doubted.length, status: "unknown", code: "history_changed" },
    "rows that were not sent are unknown: the database has lost a part of its history",
  );
}
