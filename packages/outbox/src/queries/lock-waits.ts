import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** A statement of a daemon that waits for somebody else's lock. */
export interface LockWait {
  /** The table that the lock is about; null for others, such as an advisory lock. */
  readonly relation: string | null;
  /** Who holds it: process and role of each, and nothing of what they do. */
  readonly holders: string;
}

/**
 * Which locks the connections of `application` wait for. Covers all daemons with this user and database: behind a pooler, nobody
 * knows which connection belongs to which.
 */
export async function listLockWaits(
  db: Kysely<OutboxDatabase>,
  application: string,
): Promise<readonly LockWait[]> {
  const { rows } = await sql<LockWait>`
    select distinct
      (
        -- A session that waits for a row waits for the transaction that changed it, and holds the row's own lock in the meantime.
        select format('%I.%I', n.nspname, c.relname)
        from pg_catalog.pg_locks as l
        join pg_catalog.pg_class as c on c.oid = l.relation
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where l.pid = a.pid and (l.locktype = 'tuple' or not l.granted)
          and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
        order by l.locktype = 'tuple' desc
        limit 1
      ) as relation,
      coalesce((
        select string_agg(b.pid || coalesce(' (' || s.usename || ')', ''), ', ' order by b.pid)
        from (select distinct unnest(pg_catalog.pg_blocking_pids(a.pid)) as pid) as b
        left join pg_catalog.pg_stat_activity as s on s.pid = b.pid
      ), 'nobody any more') as holders
    from pg_catalog.pg_stat_activity as a
    where a.datname = current_database() and a.usename = current_user and a.application_name = ${application}
      and a.wait_event_type = 'Lock'
  `.execute(db);
  return rows;
}
