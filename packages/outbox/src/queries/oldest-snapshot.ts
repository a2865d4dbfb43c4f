import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** Who keeps vacuum from removing dead rows: of all who do, the one who has done so for the longest. */
export interface OldestHolder {
  readonly kind: "session" | "prepared_transaction" | "replication_slot";
  /** Of the backend; null for a prepared transaction, and for a slot that nobody reads. */
  readonly pid: number | null;
  /** `application_name`, or the name of the transaction or slot. */
  readonly application: string;
  /** How many transactions have begun since. */
  readonly ageTransactions: number;
  /**
   * For how long its transaction is open. Null for a slot, and where the reader may not see it: the sessions of other
   * users need `pg_read_all_stats`.
   */
  readonly heldSeconds: number | null;
}

/**
 * Finds who holds the oldest snapshot that concerns this database; null where nobody holds any. A transaction that
 * has written counts, too: what came after it is kept as well.
 */
export async function readOldestSnapshot(db: Kysely<OutboxDatabase>): Promise<OldestHolder | null> {
  const { rows } = await sql<OldestHolder>`
    with holder as (
      select
        'session' as kind, pid, coalesce(application_name, '') as application,
        greatest(age(backend_xmin), age(backend_xid)) as age, xact_start as since
      from pg_stat_activity
      where (backend_xmin is not null or backend_xid is not null)
        and pid <> pg_backend_pid()
        -- Of nobody are PostgreSQL's own processes, vacuum among them, which leave each other out of account.
        and usesysid is not null
        -- Without a database: a standby that tells what its queries need.
        and (datname = current_database() or datname is null)
      union all
      select 'prepared_transaction', null, gid, age(transaction), prepared
      from pg_prepared_xacts
      where database = current_database()
      union all
      select 'replication_slot', active_pid, slot_name, age(xmin), null
      from pg_replication_slots
      where xmin is not null
    )
    select
      kind, pid, application, age as "ageTransactions",
      extract(epoch from clock_timestamp() - since)::double precision as "heldSeconds"
    from holder
    order by age desc, since
    limit 1
  `.execute(db);
  return rows[0] ?? null;
}
