import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** Somebody who keeps autovacuum from cleaning the outbox: rows that died since can still be seen by them. */
export interface SnapshotHolder {
  readonly kind: "session" | "prepared transaction" | "replication slot";
  /** The session's process in the server; null for the others. */
  readonly pid: number | null;
  readonly user: string | null;
  /** The session's `application_name`, or the name of the transaction or of the slot. */
  readonly name: string;
  /** As `idle in transaction`; null for the others. */
  readonly state: string | null;
  /** Null for a replication slot, which does not tell. */
  readonly heldSeconds: number | null;
}

export interface HeldSnapshots {
  /** False where the current user may not see what others do: then the list may lack any of them. */
  readonly complete: boolean;
  readonly holders: readonly SnapshotHolder[];
}

/**
 * Who has held a snapshot of this database, or a transaction that has changed something, for longer than
 * `olderThanSeconds`; the longest first. A replication slot counts when nobody reads it.
 */
export async function listHeldSnapshots(
  db: Kysely<OutboxDatabase>,
  olderThanSeconds: number,
): Promise<HeldSnapshots> {
  const { rows } = await sql<SnapshotHolder>`
    select
      'session' as kind, a.pid, a.usename::text as "user", a.application_name as name, a.state,
      extract(epoch from clock_timestamp() - a.xact_start)::double precision as "heldSeconds"
    from pg_stat_activity as a
    where a.datname = current_database() and a.pid <> pg_backend_pid()
      and (a.backend_xmin is not null or a.backend_xid is not null)
      -- The snapshot of a vacuum holds up no other.
      and a.backend_type is distinct from 'autovacuum worker'
      and a.xact_start < clock_timestamp() - make_interval(secs => ${olderThanSeconds})
    union all
    select
      'prepared transaction', null, p.owner::text, p.gid, null,
      extract(epoch from clock_timestamp() - p.prepared)::double precision
    from pg_prepared_xacts as p
    where p.database = current_database()
      and p.prepared < clock_timestamp() - make_interval(secs => ${olderThanSeconds})
    union all
    select 'replication slot', null, null, s.slot_name::text, null, null
    from pg_replication_slots as s
    where s.xmin is not null and not s.active
    order by "heldSeconds" desc nulls last
  `.execute(db);
  const { rows: rights } = await sql<{ complete: boolean }>`
    select pg_has_role('pg_read_all_stats', 'usage') as complete
  `.execute(db);
  return { complete: rights[0]?.complete === true, holders: rows };
}
