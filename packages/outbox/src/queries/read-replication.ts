import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** Something that receives the server's WAL. */
export interface Receiver {
  readonly name: string;
  /** `sync`, `quorum`, `potential` or `async`. */
  readonly syncState: string;
  /** How much WAL it has not flushed yet. */
  readonly behindBytes: number;
}

/** What decides whether commits wait for a standby. */
export interface Replication {
  readonly names: string;
  readonly maxWalSenders: number;
  readonly walLevel: string;
  /** As the user's transactions begin. */
  readonly synchronousCommit: string;
  /** Null where the user may not see them. */
  readonly receivers: readonly Receiver[] | null;
}

/** Reads it; needs no schema and, but for the receivers, no privilege. */
export async function readReplication(db: Kysely<OutboxDatabase>): Promise<Replication> {
  const { rows } = await sql<Replication>`
    select
      current_setting('synchronous_standby_names') as names,
      current_setting('max_wal_senders')::integer as "maxWalSenders",
      current_setting('wal_level') as "walLevel",
      current_setting('synchronous_commit') as "synchronousCommit",
      case when pg_has_role('pg_read_all_stats', 'usage') then coalesce((
        select json_agg(json_build_object(
          'name', application_name, 'syncState', sync_state,
          'behindBytes', coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), flush_lsn), 0)
        ) order by application_name)
        from pg_stat_replication
      ), '[]') end as receivers
  `.execute(db);
  const [replication] = rows;
  if (replication === undefined) throw new Error("The server did not answer.");
  return replication;
}
