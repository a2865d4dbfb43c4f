import type { Status } from "../../src/index.ts";
import { compareMoments, type Model, type ModelRow } from "./model.ts";

/** A repair as docs/sql.md has it. */
export interface Repair {
  readonly from: Status;
  /** What it sets. */
  readonly sql: string;
  /** What else it asks of the row, in SQL and in words of the model. */
  readonly condition?: { readonly sql: string; readonly holds: (row: ModelRow, model: Model) => boolean };
  readonly apply: (row: ModelRow, model: Model) => void;
}

const again = "attempts = 0, retry_at = null, finished_at = null, claimed_by = null, claimed_at = null";

function bringBack(row: ModelRow): void {
  row.status = "pending";
  row.attempts = 0;
  row.retryAt = null;
  row.claimedBy = null;
}

/** Everything that docs/sql.md tells a person to do with a row. */
export const repairs = {
  cancel: {
    from: "pending",
    sql: "status = 'cancelled', finished_at = now()",
    apply: (row) => {
      row.status = "cancelled";
    },
  },
  postpone: {
    from: "pending",
    sql: "send_at = now() + interval '1 hour'",
    condition: {
      sql: "expires_at is null or expires_at > now() + interval '1 hour'",
      holds: ({ expiresAt }, model) =>
        expiresAt === null || compareMoments(expiresAt, model.momentIn(60)) > 0,
    },
    apply: (row, model) => {
      row.sendAt = model.momentIn(60);
    },
  },
  uncancel: {
    from: "cancelled",
    sql: "status = 'pending', finished_at = null",
    apply: (row) => {
      row.status = "pending";
    },
  },
  "resolve as sent": {
    from: "unknown",
    sql: "status = 'sent', finished_at = now(), error_code = null, error = null",
    apply: (row) => {
      row.status = "sent";
      row.errorCode = null;
    },
  },
  "resolve as failed": {
    from: "unknown",
    sql: "status = 'failed', finished_at = now()",
    apply: (row) => {
      row.status = "failed";
    },
  },
  "resolve by resend": {
    from: "unknown",
    sql: "status = 'pending', attempts = 0, retry_at = null, claimed_by = null, claimed_at = null",
    apply: bringBack,
  },
  "retry failed": { from: "failed", sql: `status = 'pending', ${again}`, apply: bringBack },
  "retry expired": {
    from: "expired",
    sql: `status = 'pending', expires_at = now() + interval '2 hours', ${again}`,
    apply: (row, model) => {
      bringBack(row);
      row.expiresAt = model.momentIn(120);
    },
  },
} satisfies Readonly<Record<string, Repair>>;

export type RepairName = keyof typeof repairs;
