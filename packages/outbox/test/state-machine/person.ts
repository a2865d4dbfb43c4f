import { broughtBack, resolved } from "@talkme/model";

import type { Status } from "../../src/index.ts";
import { compareMoments, type Model, type ModelRow } from "./model.ts";

/** An action of docs/sql.md that a person takes on a row. */
export interface Repair {
  readonly from: readonly Status[];
  /** Returns one row if done; otherwise none, or a refusal with {@link wrongState}. */
  readonly sql: (id: string) => string;
  /** What else it requires of the row. */
  readonly condition?: (row: ModelRow, model: Model) => boolean;
  readonly apply: (row: ModelRow, model: Model) => void;
}

/** The SQLSTATE of a function that refuses a row in the wrong state. */
export const wrongState = "55000";

function bringBack(row: ModelRow): void {
  Object.assign(row, broughtBack());
  row.retryAt = null;
}

/** A cancelled row returns to what it waited for. */
function retry(row: ModelRow): void {
  if (row.status === "cancelled") row.status = "pending";
  else bringBack(row);
}

const ended = ["failed", "expired", "cancelled"] as const;

/** All actions of docs/sql.md that a person takes on a row. */
export const repairs = {
  cancel: {
    from: ["pending"],
    sql: (id) => `select talkme.cancel(${id})`,
    apply: (row) => {
      row.status = "cancelled";
    },
  },
  postpone: {
    from: ["pending"],
    sql: (id) => `
      update talkme.outbox set send_at = now() + interval '1 hour'
      where id = ${id} and status = 'pending' and (expires_at is null or expires_at > now() + interval '1 hour')
      returning id`,
    condition: ({ expiresAt }, model) =>
      expiresAt === null || compareMoments(expiresAt, model.momentIn(60)) > 0,
    apply: (row, model) => {
      row.sendAt = model.momentIn(60);
    },
  },
  retry: {
    from: ended,
    sql: (id) => `select talkme.retry(${id})`,
    condition: (row, model) => !model.isOverdue(row),
    apply: retry,
  },
  "retry until later": {
    from: ended,
    sql: (id) => `select talkme.retry(${id}, expires_at => now() + interval '2 hours')`,
    apply: (row, model) => {
      retry(row);
      row.expiresAt = model.momentIn(120);
    },
  },
  "resolve as sent": {
    from: ["unknown"],
    sql: (id) => `select talkme.resolve(${id}, 'sent')`,
    apply: (row) => {
      Object.assign(row, resolved(row, "sent"));
      row.errorCode = null;
    },
  },
  "resolve as failed": {
    from: ["unknown"],
    sql: (id) => `select talkme.resolve(${id}, 'failed')`,
    apply: (row) => {
      Object.assign(row, resolved(row, "failed"));
    },
  },
  "resolve by resend": {
    from: ["unknown"],
    sql: (id) => `select talkme.resolve(${id}, 'resend')`,
    condition: (row, model) => !model.isOverdue(row),
    apply: bringBack,
  },
} satisfies Readonly<Record<string, Repair>>;

export type RepairName = keyof typeof repairs;
