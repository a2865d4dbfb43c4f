import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import type { Status } from "../status.ts";

export interface RowCounts {
  /** Exact, except `sent` in a large table: see `sentIsEstimate`. */
  readonly byStatus: Readonly<Record<Status, number>>;
  /** True where `sent` is the planner's estimate of the table's rows, less all the others. */
  readonly sentIsEstimate: boolean;
}

/** A table up to this size is counted whole: some tens of milliseconds. */
const countedWholePages = 12_800;

/**
 * Counts the rows of each status without reading the sent rows, of which there may be any number: the others are in partial
 * indexes. Only a table below 100 MB is counted whole.
 */
export async function countRows(db: Kysely<OutboxDatabase>): Promise<RowCounts> {
  const { rows } = await sql<{ status: Status; rows: string }>`
    select status, count(*) as rows from talkme.outbox where status = 'pending' group by status
    union all
    select status, count(*) from talkme.outbox where status = 'sending' group by status
    union all
    select status, count(*) from talkme.outbox
    where status in ('failed', 'unknown', 'expired', 'cancelled') group by status
  `.execute(db);
  const { rows: facts } = await sql<{ estimate: number; small: boolean }>`
    select
      reltuples::double precision as estimate,
      pg_relation_size(oid) / current_setting('block_size')::integer < ${countedWholePages} as small
    from pg_class where oid = 'talkme.outbox'::regclass
  `.execute(db);

  const byStatus = { pending: 0, sending: 0, sent: 0, failed: 0, unknown: 0, expired: 0, cancelled: 0 };
  for (const row of rows) byStatus[row.status] = Number(row.rows);
  const others = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
  const fact = facts[0];
  const small = fact?.small ?? true;
  byStatus.sent = small ? await countSent(db) : Math.max(0, Math.round((fact?.estimate ?? 0) - others));
  return { byStatus, sentIsEstimate: !small };
}

async function countSent(db: Kysely<OutboxDatabase>): Promise<number> {
  const { rows } = await sql<{ sent: string }>`
    select count(*) as sent from talkme.outbox where status = 'sent'
  `.execute(db);
  return Number(rows[0]?.sent ?? 0);
}
