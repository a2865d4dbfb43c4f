import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import type { Status } from "../status.ts";

/** A message as `talkme.messages` shows it: recipients are masked. */
export interface MessageRow {
  readonly id: string;
  readonly account: string;
  readonly campaign: string | null;
  readonly channel: string | null;
  readonly batch: string | null;
  /** Masked: the number, or else the address; null once its personal data was removed. */
  readonly recipient: string | null;
  readonly status: Status;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly createdBy: string | null;
  readonly sendAt: Date;
  readonly dueAt: Date;
  readonly expiresAt: Date | null;
  readonly finishedAt: Date | null;
  readonly claimedAt: Date | null;
  readonly reference: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
}

export interface MessageFilter {
  readonly status?: Status | undefined;
  readonly campaign?: string | undefined;
  readonly batch?: string | undefined;
  readonly errorCode?: string | undefined;
  /** Messages that were inserted before this one. */
  readonly before?: string | undefined;
}

/** The columns of {@link MessageRow}. */
export const messageColumns = sql`
  id::text, account, id_campanha::text as campaign, id_wpp::text as channel, batch_id::text as batch,
  coalesce(numero_dest, email_dest) as recipient, status, attempts, created_at as "createdAt", created_by as "createdBy",
  send_at as "sendAt", due_at as "dueAt", expires_at as "expiresAt", finished_at as "finishedAt", claimed_at as "claimedAt",
  reference, error_code as "errorCode", error
`;

/** What a filter matches, the latest first. */
export async function listMessages(
  db: Kysely<OutboxDatabase>,
  { status, campaign, batch, errorCode, before }: MessageFilter,
  limit: number,
): Promise<readonly MessageRow[]> {
  // Only what is given stands in the statement: one plan for all combinations would suit none.
  const conditions = [
    status === undefined ? null : sql`status = ${status}`,
    status === undefined || !ended.has(status) ? null : endedOnly,
    campaign === undefined ? null : sql`id_campanha = ${campaign}`,
    batch === undefined ? null : sql`batch_id = ${batch}`,
    errorCode === undefined ? null : sql`error_code = ${errorCode}`,
    before === undefined ? null : sql`messages.id < ${before}`,
  ].filter((condition) => condition !== null);
  const where = conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
  const { rows } = await sql<MessageRow>`
    select ${messageColumns} from talkme.messages ${where} order by messages.id desc limit ${limit}
  `.execute(db);
  return rows;
}

const ended = new Set<Status>(["failed", "unknown", "expired", "cancelled"]);

/** Lets the planner use the index of what people ask about. */
const endedOnly = sql`status in ('failed', 'unknown', 'expired', 'cancelled')`;
