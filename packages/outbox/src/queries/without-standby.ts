import { sql } from "kysely";

/**
 * For a transaction that may be lost in a failover: its commit waits for no standby. While one waits, its rows stay locked, and a
 * heartbeat that waits looks like death.
 *
 * What is sent afterwards begins with a claim. Where that waits for the standby, it waits for everything before it, too.
 */
export const withoutStandby = sql`
  case when current_setting('synchronous_commit') in ('remote_write', 'on', 'remote_apply') then
    set_config('synchronous_commit', 'local', true)
  end
`;

/** The same as a part of a statement, for its `from`. */
export const told = sql`told as materialized (select ${withoutStandby} as setting)`;
