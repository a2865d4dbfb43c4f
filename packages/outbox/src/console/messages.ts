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

/** What a filter matches, and where to go on. */
export interface FoundMessages {
  readonly rows: readonly MessageRow[];
  /** The `before` of the next page; null: there is none. A page may have few rows, and even none, and a next one. */
  readonly next: string | null;
}

/** What a filter matches, the latest first. Looks at a bounded number of rows: the next page goes on behind them. */
export async function listMessages(
  db: Kysely<OutboxDatabase>,
  { status, campaign, batch, errorCode, before }: MessageFilter,
  limit: number,
): Promise<FoundMessages> {
  const { rows: found } = await sql<{ ids: readonly string[]; next: string | null }>`
    select ids::text[], searched_to::text as next from talkme.find_messages(
      ${status ?? null}, ${campaign ?? null}, ${batch ?? null}, ${errorCode ?? null}, ${before ?? null}, ${limit}
    )
  `.execute(db);
  const { ids = [], next = null } = found[0] ?? {};
  // Not by a join: no condition of a join reaches into the view.
  const { rows } = await sql<MessageRow>`
    select ${messageColumns} from talkme.messages where messages.id = any(${[...ids]}::bigint[]) order by messages.id desc
  `.execute(db);
  return { rows, next };
}
