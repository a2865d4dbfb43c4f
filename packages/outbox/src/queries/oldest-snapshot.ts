import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { snapshotHolders } from "./snapshot-holders.ts";

/** Who keeps vacuum from removing dead rows; of several, the one that has done so for the longest. */
export interface OldestHolder {
  readonly kind: "session" | "prepared_transaction" | "replication_slot";
  /** Of the backend; null for a prepared transaction, or a slot that nobody reads. */
  readonly pid: number | null;
  /** `application_name`, or the name of the transaction or slot. */
  readonly application: string;
  /** The oldest transaction that is kept for it; for a standby, this moves on while its queries go on. */
  readonly xmin: string;
  /** How many transactions have begun since. */
  readonly ageTransactions: number;
  /**
   * How long its transaction has been open. Null for a slot, for a standby, and if the reader may not see it: other users' sessions
   * need `pg_read_all_stats`.
   */
  readonly openSeconds: number | null;
}

/**
 * Finds who keeps open the oldest snapshot that concerns this database; null if nobody does. A transaction that has written
 * counts, too: what came after it is kept as well.
 */
export async function readOldestSnapshot(db: Kysely<OutboxDatabase>): Promise<OldestHolder | null> {
  const { rows } = await sql<OldestHolder>`
    select
      kind, pid, name as application, xmin::text as xmin, age(xmin) as "ageTransactions",
      extract(epoch from clock_timestamp() - since)::double precision as "openSeconds"
    from ${snapshotHolders} as holder
    -- Of several, the same one each time.
    order by age(xmin) desc, since, kind, pid
    limit 1
  `.execute(db);
  return rows[0] ?? null;
}
