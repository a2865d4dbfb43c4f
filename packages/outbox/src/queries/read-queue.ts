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
  /** A person has paused it, or its campaign is not active: none of its rows is claimed. */
  readonly paused: boolean;
  /** Whether a sending window or a recipient gap holds for it: its rows are looked at one by one when they are claimed. */
  readonly guarded: boolean;
  /** Milliseconds until its sending window opens in the first part of the country; zero where it is open in any. */
  readonly closedForMs: number;
  /** Whether the window is open in a part of the country only. */
  readonly partlyClosed: boolean;
  /** Messages a second, as talkme.campaign says; null where it says nothing. */
  readonly ratePerSecond: number | null;
}

/** What stands in the queue, and what keeps it from being sent. */
export interface Queue {
  readonly lanes: readonly QueuedLane[];
  readonly circuits: readonly CircuitRecord[];
  /** The database's clock, in seconds since 1970. */
  readonly nowSeconds: number;
}

/**
 * Lists every lane and priority that has pending rows, when the first of them is due and what holds for it, together
 * with the circuits of all accounts.
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
    lane as materialized (
      select
        f.*, substring(f.lane from '^(.*)/[^/]*/[^/]*$') as account,
        substring(f.lane from '/(\\d+)/[^/]*$') as campaign, substring(f.lane from '/(\\d+)$') as channel
      -- Rows that came by a way around the checks may be due at infinity, for which JSON has no number.
      from (select lane, priority, least(greatest(due_at, '1900-01-01'), '9999-01-01') as due_at from found) as f
    ),
    rule as materialized (
      select
        lane.*, c.active, c.rate_per_second,
        coalesce(c.open_minutes, a.open_minutes) as open_minutes,
        coalesce(c.recipient_gap, a.recipient_gap) > interval '0' as has_gap
      from lane
      left join talkme.account as a on a.account = lane.account
      left join talkme.campaign as c on c.account = lane.account and c.id_campanha = lane.campaign::bigint
    ),
    sending_window as materialized (
      select
        open_minutes,
        talkme.first_opening(open_minutes, now()) as first_opens_at,
        talkme.last_opening(open_minutes, now()) as last_opens_at
      from (select distinct open_minutes from rule where open_minutes is not null) as used
    ),
    queued as (
      select
        r.lane, r.priority, r.account,
        extract(epoch from r.due_at)::double precision as "dueAtSeconds",
        (extract(epoch from r.due_at - clock_timestamp()) * 1000)::double precision as "dueInMs",
        (extract(epoch from clock_timestamp() - l.accepted_at) * 1000)::double precision as "acceptedAgoMs",
        coalesce(l.not_founds, 0) as "notFounds",
        coalesce(extract(epoch from l.quiet_until - clock_timestamp()) * 1000, 0)::double precision as "quietForMs",
        exists (
          select from talkme.paused as p
          where p.scope in ('all', 'account:' || r.account, 'campaign:' || r.campaign, 'channel:' || r.channel)
        ) or not coalesce(r.active, true) as paused,
        r.open_minutes is not null or coalesce(r.has_gap, false) as guarded,
        coalesce(extract(epoch from w.first_opens_at - now()) * 1000, 0)::double precision as "closedForMs",
        coalesce(w.first_opens_at <= now() and w.last_opens_at > now(), false) as "partlyClosed",
        r.rate_per_second::double precision as "ratePerSecond"
      from rule as r
      left join talkme.lane as l on l.lane = r.lane
      left join sending_window as w on w.open_minutes = r.open_minutes
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
