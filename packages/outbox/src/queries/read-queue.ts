import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import type { CircuitRecord } from "./circuits.ts";
import { selectCircuits } from "./circuits.ts";

/** A lane and priority with at least one pending row. */
export interface QueuedLane {
  readonly lane: string;
  readonly priority: number;
  readonly account: string;
  /** Milliseconds until its first row is due; zero or less when it is due already. */
  readonly dueInMs: number;
  /** The same time as seconds since 1970. */
  readonly dueAtSeconds: number;
  /** Milliseconds since the API last took a message of it; null where it has not, or has answered 404 since. */
  readonly acceptedAgoMs: number | null;
  /** Answers 404 in a row. */
  readonly notFounds: number;
  /** Milliseconds for which its rows wait because of them; zero or less: they do not. */
  readonly quietForMs: number;
}

/** What stands in the queue, and what keeps it from being sent. */
export interface Queue {
  readonly lanes: readonly QueuedLane[];
  readonly circuits: readonly CircuitRecord[];
  /** The database's clock, in seconds since 1970. */
  readonly nowSeconds: number;
}

/**
 * Lists every lane and priority that has pending rows and when the first of them is due, together with the circuits
 * of all accounts.
 *
 * Skips through the index, one descent for each lane, however many rows stand in it.
 */
export async function readQueue(db: Kysely<OutboxDatabase>): Promise<Queue> {
  const { rows } = await sql<Queue>`
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
    ),
    queued as (
      select
        f.lane, f.priority, substring(f.lane from '^(.*)/[^/]*/[^/]*$') as account,
        extract(epoch from f.due_at)::double precision as "dueAtSeconds",
        (extract(epoch from f.due_at - clock_timestamp()) * 1000)::double precision as "dueInMs",
        (extract(epoch from clock_timestamp() - l.accepted_at) * 1000)::double precision as "acceptedAgoMs",
        coalesce(l.not_founds, 0) as "notFounds",
        coalesce(extract(epoch from l.quiet_until - clock_timestamp()) * 1000, 0)::double precision as "quietForMs"
      -- Rows that came by a way around the checks may be due at infinity, for which JSON has no number.
      from (select lane, priority, least(greatest(due_at, '1900-01-01'), '9999-01-01') as due_at from found) as f
      left join talkme.lane as l on l.lane = f.lane
    )
    select
      coalesce((select json_agg(queued order by lane, priority) from queued), '[]') as lanes,
      coalesce((select json_agg(circuit) from (${selectCircuits}) as circuit), '[]') as circuits,
      extract(epoch from clock_timestamp())::double precision as "nowSeconds"
  `.execute(db);
  const [queue] = rows;
  if (queue === undefined) throw new Error("The database did not answer what stands in the queue.");
  return queue;
}
