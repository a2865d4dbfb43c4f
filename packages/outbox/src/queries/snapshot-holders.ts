import { sql } from "kysely";

/**
 * Everybody who keeps vacuum from removing dead rows of this database, as a subquery: whoever keeps a snapshot open, has written in
 * an open transaction, or reports what a standby's queries need. The metric, the alert and `syncd check` share this answer.
 *
 * - `xmin` is the oldest transaction that vacuum has to keep for them.
 * - `since` is when their transaction began: null for slots and standbys, and if the reader may not see it.
 */
export const snapshotHolders = sql`(
  select
    'session' as kind, pid, usename::text as "user", coalesce(application_name, '') as name, state,
    -- Without a database: the sender of a standby.
    datname is null as standby,
    case when age(backend_xid) > age(backend_xmin) then backend_xid else coalesce(backend_xmin, backend_xid) end as xmin,
    xact_start as since
  from pg_stat_activity
  where (backend_xmin is not null or backend_xid is not null)
    and pid <> pg_backend_pid()
    -- PostgreSQL's own processes belong to nobody, vacuum among them; they ignore each other.
    and usesysid is not null
    and (datname = current_database() or datname is null)
  union all
  select 'prepared_transaction', null, owner::text, gid, null, false, transaction, prepared
  from pg_prepared_xacts
  where database = current_database()
  union all
  select 'replication_slot', active_pid, null, slot_name::text, null, active, xmin, null
  from pg_replication_slots
  where xmin is not null
)`;
