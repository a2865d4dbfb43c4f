import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** What a person has paused: its rows wait until somebody resumes it. */
export interface PausedScope {
  /** Such as `campaign:123`. */
  readonly scope: string;
  readonly reason: string | null;
  readonly pausedBy: string | null;
  readonly pausedForSeconds: number;
}

/** Everything that is paused, the longest first; nothing if the schema knows no pauses. */
export async function listPaused(db: Kysely<OutboxDatabase>): Promise<readonly PausedScope[]> {
  const { rows: found } = await sql<{ exists: boolean }>`
    select to_regclass('talkme.paused') is not null as exists
  `.execute(db);
  if (found[0]?.exists !== true) return [];
  const { rows } = await sql<PausedScope>`
    select
      scope, reason, paused_by as "pausedBy",
      extract(epoch from clock_timestamp() - paused_at)::double precision as "pausedForSeconds"
    from talkme.paused
    order by paused_at, scope
  `.execute(db);
  return rows;
}
