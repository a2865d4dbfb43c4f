import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

export interface UnhealthyRelations {
  /** Tables of the schema for which somebody has switched autovacuum off. */
  readonly withoutAutovacuum: readonly string[];
  /** Indexes that an interrupted `create index concurrently` or `reindex concurrently` has left: they only cost. */
  readonly invalidIndexes: readonly string[];
}

/** Tables and indexes of the schema talkme that are not as the migrations have made them. */
export async function listUnhealthyRelations(db: Kysely<OutboxDatabase>): Promise<UnhealthyRelations> {
  const { rows } = await sql<UnhealthyRelations>`
    select
      array(
        select 'talkme.' || c.relname
        from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname = 'talkme' and exists (
          select from pg_options_to_table(c.reloptions)
          where option_name = 'autovacuum_enabled' and not option_value::boolean
        )
        order by c.relname
      ) as "withoutAutovacuum",
      array(
        select 'talkme.' || c.relname
        from pg_index as i
        join pg_class as c on c.oid = i.indexrelid
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname = 'talkme' and not i.indisvalid
        order by c.relname
      ) as "invalidIndexes"
  `.execute(db);
  return rows[0] ?? { withoutAutovacuum: [], invalidIndexes: [] };
}
