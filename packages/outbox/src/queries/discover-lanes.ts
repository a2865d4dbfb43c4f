import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** A lane and priority with at least one pending row. */
export interface DiscoveredLane {
  readonly lane: string;
  readonly priority: number;
  /** Milliseconds until its first row is due; zero or less when it is due already. */
  readonly dueInMs: number;
  /** The same time as seconds since 1970. */
  readonly dueAtSeconds: number;
  readonly account: string;
}

/**
 * Lists every lane and priority that has pending rows, and when the first of them is due.
 *
 * Skips through the index, one descent for each lane, however many rows stand in it.
 */
export async function discoverLanes(db: Kysely<OutboxDatabase>): Promise<readonly DiscoveredLane[]> {
  const { rows } = await sql<DiscoveredLane>`
    with recursive found as (
      (
        select lane, priority, due_at
        from talkme.outbox
        where status = 'pending'
        order by lane, priority, due_at, id
        limit 1
      )
      union all
      select next.lane, next.priority, next.due_at
      from found
      cross join lateral (
        select o.lane, o.priority, o.due_at
        from talkme.outbox as o
        where o.status = 'pending' and (o.lane, o.priority) > (found.lane, found.priority)
        order by o.lane, o.priority, o.due_at, o.id
        limit 1
      ) as next
    )
    select
      lane, priority, split_part(lane, '/', 1) as account,
      extract(epoch from due_at)::double precision as "dueAtSeconds",
      (extract(epoch from due_at - clock_timestamp()) * 1000)::double precision as "dueInMs"
    from found
  `.execute(db);
  return rows;
}
