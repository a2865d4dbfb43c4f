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
