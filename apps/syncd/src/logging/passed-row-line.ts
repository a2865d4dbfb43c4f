import type { PassedRow } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import { aboutRow } from "./row-in-log.ts";

/** Logs a row that a claim met and did not send. */
export function logPassedRow(log: Logger, row: PassedRow): void {
  const { code } = row;
  const line = { ...aboutRow(row), outcome: null, code };
  switch (code) {
    case "expired":
      log.warn({ ...line, status: "expired" }, "not sent");
      break;
    case "claim_unsettled":
      log.warn({ ...line, status: "unknown" }, "may have been sent");
      break;
    case "suppressed":
    case "forgotten":
      log.warn({ ...line, status: "cancelled" }, "not sent");
      break;
    case "batch_paused":
    case "outside_window":
    case "recipient_gap":
      log.debug({ ...line, status: "pending" }, "put off");
  }
}
