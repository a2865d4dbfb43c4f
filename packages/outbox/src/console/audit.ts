import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly who: string;
  readonly action: string;
  /** The id, the scope or the filter; never a number. */
  readonly about: Readonly<Record<string, unknown>>;
  readonly rows: number;
  /** Without numbers. */
  readonly reason: string | null;
}

export interface AuditFilter {
  readonly who?: string | undefined;
  readonly action?: string | undefined;
  /** Entries before this one. */
  readonly before?: string | undefined;
}

/** What people did, the latest first. */
export async function listAudit(
  db: Kysely<OutboxDatabase>,
  { who, action, before }: AuditFilter,
  limit: number,
): Promise<readonly AuditEntry[]> {
  const { rows } = await sql<AuditEntry>`
    select
      id::text, at, who, action, about, rows::double precision, talkme.hide_numbers(reason) as reason
    from talkme.audit
    where (${before ?? null}::bigint is null or id < ${before ?? null}::bigint)
      and (${who ?? null}::name is null or who = ${who ?? null}::name)
      and (${action ?? null}::text is null or action = ${action ?? null}::text)
    order by audit.id desc
    limit ${limit}
  `.execute(db);
  return rows;
}
