-- What is in the queue: see packages/outbox/src/queries/read-queue.ts. An idle daemon looks whenever something was inserted, so a
-- row waits as long as this takes: planning it took four times as long as running it.
--
-- Whoever may insert may fill the queue with lanes, priorities and accounts. So it reads no more than a page of each account,
-- from where the last page ended; it passes over accounts that were not asked for, one step for each, up to twenty. An account's
-- lanes are those from 'name/' up to 'name0', the character after the slash.
create or replace function talkme.read_queue(
  accounts text[], behind_lanes text[], behind_priorities integer[], page integer, likely text[], newest integer
) returns table (lanes json, circuits json, now_seconds double precision, strangers json, ends json)
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
begin
  return query
    with recursive part as materialized (
      select
        a.account, coalesce(nullif(a.lane, ''), a.account || '/', '') collate "C" as low, a.priority,
        coalesce(a.account || '0', '~') collate "C" as high
      from unnest(
        coalesce(accounts, array[null::text]), behind_lanes, behind_priorities
      ) as a (account, lane, priority)
    ),
    paged as materialized (
      select part.account, found.lane, found.priority, found.due_at, found.number
      from part
      cross join lateral (
        with recursive found as (
          (
            select o.lane, o.priority, o.due_at, 1 as number
            from talkme.outbox as o
            where o.status = 'pending' and (o.lane, o.priority) > (part.low, part.priority) and o.lane < part.high
            order by o.lane, o.priority, o.due_at, o.id
            limit 1
          )
          union all
          select next.lane, next.priority, next.due_at, found.number + 1
          from found
          cross join lateral (
            select o.lane, o.priority, o.due_at
            from talkme.outbox as o
            where o.status = 'pending' and (o.lane, o.priority) > (found.lane, found.priority) and o.lane < part.high
            order by o.lane, o.priority, o.due_at, o.id
            limit 1
          ) as next
          where found.number < page
        )
        select lane, priority, due_at, number from found
      ) as found
    ),
    -- Only if the pages do not show everything: the newest rows, and lanes that are likely to have some.
    late as materialized (
      select lane, priority, min(due_at) as due_at, min(age) as age
      from (
        select o.lane, o.priority, o.due_at, o.status, row_number() over (order by o.id desc) as age
        from talkme.outbox as o
        order by o.id desc
        limit newest
      ) as o
      where status = 'pending' and (select l.account from talkme.lane_parts(lane) as l) = any (accounts)
      group by lane, priority
    ),
    expected as materialized (
      select first.lane, first.priority, first.due_at
      from unnest(likely) as likely
      cross join lateral (
        select o.lane, o.priority, o.due_at
        from talkme.outbox as o
        where o.status = 'pending' and o.lane = likely
        order by o.lane, o.priority, o.due_at, o.id
        limit 1
      ) as first
    ),
    found as materialized (
      select lane, priority, min(due_at) as due_at, min(age) as age
      from (
        select lane, priority, due_at, null::bigint as age from paged
        union all
        select lane, priority, due_at, null from expected
        union all
        select lane, priority, due_at, age from late
      ) as any_way
      group by lane, priority
    ),
    stranger as (
      select null::text collate "C" as account, '' collate "C" as lane, 0 as number
      union all
      select next.account, next.account || '0', stranger.number + case when next.account = any (accounts) then 0 else 1 end
      from stranger
      cross join lateral (
        select l.account
        from talkme.outbox as o
        cross join talkme.lane_parts(o.lane) as l
        where o.status = 'pending' and o.lane > stranger.lane
        order by o.lane, o.priority, o.due_at, o.id
        limit 1
      ) as next
      where accounts is not null and stranger.number < 20
    ),
    lane as materialized (
      select f.*, l.account, l.campaign, l.channel
      -- Rows that bypassed the checks may be due at infinity, for which JSON has no number.
      from (select lane, priority, age, least(greatest(due_at, '1900-01-01'), '9999-01-01') as due_at from found) as f
      cross join talkme.lane_parts(f.lane) as l
    ),
    rule as materialized (
      select
        lane.*, c.active, c.rate_per_second,
        coalesce(a.xmin::text, '') || '/' || coalesce(c.xmin::text, '') as rules,
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
          where p.scope = any (talkme.scopes_of(r.account, r.campaign, r.channel))
        ) or not coalesce(r.active, true) as paused,
        r.open_minutes is not null or coalesce(r.has_gap, false) as restricted,
        coalesce(extract(epoch from w.first_opens_at - now()) * 1000, 0)::double precision as "closedForMs",
        coalesce(w.first_opens_at <= now() and w.last_opens_at > now(), false) as "partlyClosed",
        r.rate_per_second::double precision as "ratePerSecond",
        r.rules, r.age
      from rule as r
      left join talkme.lane as l on l.lane = r.lane
      left join sending_window as w on w.open_minutes = r.open_minutes
    )
    select
      coalesce((select json_agg(queued order by lane, priority) from queued), '[]'),
      coalesce((select json_agg(circuit) from talkme.read_circuits() as circuit), '[]'),
      extract(epoch from clock_timestamp())::double precision,
      coalesce((select json_agg(account) from stranger where account <> all (accounts)), '[]'),
      coalesce((select json_agg(p) from (
        select account, lane, priority from paged where number >= page
      ) as p), '[]');
end
$$;

comment on function talkme.read_queue(text[], text[], integer[], integer, text[], integer) is
  'A page at most of each account''s lanes and priorities with pending rows, when the first row of each is due and what holds for it; all circuits; the time';

revoke execute on function talkme.read_queue(text[], text[], integer[], integer, text[], integer) from public;
grant execute on function talkme.read_queue(text[], text[], integer[], integer, text[], integer) to talkme_daemon;
