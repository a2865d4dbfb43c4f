import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** The settings of a server and of the session that matter to the daemon. */
export interface ServerConditions {
  /** Such as 180004 for 18.4. */
  readonly versionNumber: number;
  readonly encoding: string;
  readonly fsync: boolean;
  readonly autovacuum: boolean;
  /** Without it autovacuum does not know what to clean. */
  readonly trackCounts: boolean;
  /** Such as `read committed`. */
  readonly isolation: string;
  /** 0 is none. */
  readonly statementTimeoutMs: number;
  /** 0 is none; always 0 before PostgreSQL 14. */
  readonly idleSessionTimeoutMs: number;
  /** How many more connections the server, the database and the role allow. */
  readonly freeConnections: number;
}

/** Reads them; needs no schema and no privilege. */
export async function readServerConditions(db: Kysely<OutboxDatabase>): Promise<ServerConditions> {
  const { rows } = await sql<ServerConditions>`
    select
      current_setting('server_version_num')::integer as "versionNumber",
      current_setting('server_encoding') as encoding,
      current_setting('fsync')::boolean as fsync,
      current_setting('autovacuum')::boolean as autovacuum,
      current_setting('track_counts')::boolean as "trackCounts",
      current_setting('default_transaction_isolation') as isolation,
      coalesce((select setting::integer from pg_settings where name = 'statement_timeout'), 0)
        as "statementTimeoutMs",
      coalesce((select setting::integer from pg_settings where name = 'idle_session_timeout'), 0)
        as "idleSessionTimeoutMs",
      least(
        current_setting('max_connections')::integer
          - current_setting('superuser_reserved_connections')::integer
          - coalesce(current_setting('reserved_connections', true)::integer, 0)
          - (select sum(numbackends) from pg_stat_database),
        -- A limit of -1 is none.
        (
          select nullif(d.datconnlimit, -1) - s.numbackends
          from pg_database as d join pg_stat_database as s on s.datid = d.oid
          where d.datname = current_database()
        ),
        (
          select nullif(r.rolconnlimit, -1) - (select count(*) from pg_stat_activity as a where a.usesysid = r.oid)
          from pg_roles as r where r.rolname = current_user
        )
      )::integer as "freeConnections"
  `.execute(db);
  const [conditions] = rows;
  if (conditions === undefined) throw new Error("The server did not report its settings.");
  return conditions;
}
