import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { snapshotHolders } from "./snapshot-holders.ts";

/** Somebody who keeps autovacuum from cleaning the outbox: they can still see rows that died since. */
export interface SnapshotHolder {
  readonly kind: "session" | "prepared_transaction" | "replication_slot";
  /** The session's process in the server, or that of the slot's reader. */
  readonly pid: number | null;
  readonly user: string | null;
  /** The session's `application_name`, or the name of the transaction or of the slot. */
  readonly name: string;
  /** Such as `idle in transaction`; null for the others. */
  readonly state: string | null;
  /** Whether a connected standby keeps it, by its sender or its slot. */
  readonly standby: boolean;
  /** How many transactions have begun since. */
  readonly ageTransactions: number;
  /** Null for a standby and a replication slot, which do not say. */
  readonly openSeconds: number | null;
}

export interface OldSnapshots {
  /** False if the current user may not see what others do: then the list may be incomplete. */
  readonly complete: boolean;
  readonly holders: readonly SnapshotHolder[];
}

/**
 * Who has kept a snapshot of this database open, or a transaction that has changed something, for longer than `olderThanSeconds`;
 * the longest first. Replication slots and standbys, whose age nobody knows, are all listed.
 */
export async function listOldSnapshots(
  db: Kysely<OutboxDatabase>,
  olderThanSeconds: number,
): Promise<OldSnapshots> {
  const { rows } = await sql<SnapshotHolder>`
    select
      kind, pid, "user", name, state, standby, age(xmin) as "ageTransactions",
      extract(epoch from clock_timestamp() - since)::double precision as "openSeconds"
    from ${snapshotHolders} as holder
    -- Without a beginning: a slot, a standby, or a session of which the current user may not see it.
    where since < clock_timestamp() - make_interval(secs => ${olderThanSeconds})
      or since is null and (standby or kind = 'replication_slot')
    order by "openSeconds" desc nulls last, age(xmin) desc
  `.execute(db);
  const { rows: rights } = await sql<{ complete: boolean }>`
    select pg_has_role('pg_read_all_stats', 'usage') as complete
  `.execute(db);
  return { complete: rights[0]?.complete === true, holders: rows };
}
