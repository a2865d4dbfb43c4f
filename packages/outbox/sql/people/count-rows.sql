-- Most rows are sent, and the indexes for people hold none of those. A table below 100 MB is counted whole; for a larger one the
-- planner's statistics estimate the rows of each lane, less those that are not sent.
create or replace function talkme.count_rows() returns table (
  account text, id_campanha bigint, id_wpp bigint,
  pending bigint, due bigint, held bigint, oldest_due_at timestamptz, latest_due_at timestamptz,
  paused boolean, opens_at timestamptz, sending bigint,
  unknown bigint, failed bigint, expired bigint, cancelled bigint, sent bigint, sent_is_estimate boolean
)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  small     constant boolean := pg_relation_size('talkme.outbox') < 100 * 1024 * 1024;
  every_row constant boolean := talkme.sees_every_row();
  all_rows  constant double precision := (select c.reltuples from pg_class as c where c.oid = 'talkme.outbox'::regclass);
begin
  return query
  with waiting as (
    select
      o.lane, count(*) as pending, count(*) filter (where o.due_at < now()) as due,
      count(*) filter (where o.due_at = talkme.held_until()) as held, min(o.due_at) as oldest_due_at,
      max(o.due_at) filter (where o.due_at < talkme.held_until()) as latest_due_at
    from talkme.outbox as o
    where o.status = 'pending'
    group by o.lane
  ),
  flying as (
    select o.lane, count(*) as sending from talkme.outbox as o where o.status = 'sending' group by o.lane
  ),
  ended as (
    select
      o.lane,
      count(*) filter (where o.status = 'unknown') as unknown, count(*) filter (where o.status = 'failed') as failed,
      count(*) filter (where o.status = 'expired') as expired, count(*) filter (where o.status = 'cancelled') as cancelled
    from talkme.outbox as o
    where o.status in ('failed', 'unknown', 'expired', 'cancelled')
    group by o.lane
  ),
  counted as (
    select o.lane, count(*) as sent from talkme.outbox as o where small and o.status = 'sent' group by o.lane
  ),
  estimated as (
    select l.lane collate "C" as lane, l.share * all_rows as rows
    from pg_stats as s
    cross join lateral unnest(s.most_common_vals::text::text[], s.most_common_freqs) as l (lane, share)
    where not small and s.schemaname = 'talkme' and s.tablename = 'outbox' and s.attname = 'lane'
  ),
  -- What holds for all waiting rows of a lane. Each window is computed once: they are few, and their arithmetic is not cheap.
  rule as materialized (
    select
      w.lane, talkme.is_paused(l.account, l.id_campanha, l.id_wpp) as paused,
      coalesce(c.open_minutes, a.open_minutes) as open_minutes
    from waiting as w
    cross join lateral (
      select p.account, p.campaign::bigint as id_campanha, p.channel::bigint as id_wpp from talkme.lane_parts(w.lane) as p
    ) as l
    left join talkme.account as a on a.account = l.account
    left join talkme.campaign as c on c.account = l.account and c.id_campanha = l.id_campanha
  ),
  opening as materialized (
    select u.open_minutes, talkme.first_opening(u.open_minutes, now()) as at
    from (select distinct r.open_minutes from rule as r where r.open_minutes is not null) as u
  ),
  stopped as (
    select r.lane, r.paused, case when s.at > now() then s.at end as opens_at
    from rule as r
    left join opening as s on s.open_minutes = r.open_minutes
  ),
  merged as (
    select
      lane,
      coalesce(w.pending, 0) as pending, coalesce(w.due, 0) as due, coalesce(w.held, 0) as held,
      case when w.due > 0 then w.oldest_due_at end as oldest_due_at, w.latest_due_at, coalesce(t.paused, false) as paused, t.opens_at,
      coalesce(f.sending, 0) as sending,
      coalesce(e.unknown, 0) as unknown, coalesce(e.failed, 0) as failed, coalesce(e.expired, 0) as expired,
      coalesce(e.cancelled, 0) as cancelled, c.sent, s.rows as estimate,
      coalesce(w.pending, 0) + coalesce(f.sending, 0) + coalesce(e.unknown + e.failed + e.expired + e.cancelled, 0) as others
    from waiting as w
    left join stopped as t using (lane)
    full join flying as f using (lane)
    full join ended as e using (lane)
    full join counted as c using (lane)
    full join estimated as s using (lane)
  )
  select
    p.account, p.campaign::bigint, p.channel::bigint,
    m.pending, m.due, m.held, m.oldest_due_at, m.latest_due_at, m.paused, m.opens_at, m.sending, m.unknown, m.failed, m.expired, m.cancelled,
    case when small then coalesce(m.sent, 0) else greatest(0, round(m.estimate - m.others))::bigint end, not small
  from merged as m
  cross join talkme.lane_parts(m.lane) as p
  where every_row or talkme.may_use_campaign(p.campaign::bigint)
  union all
  -- The rest, which the statistics do not break down by lane.
  select null, null, null, 0, 0, 0, null, null, false, null, 0, 0, 0, 0, 0, rest.sent, true
  from (
    select round(all_rows - coalesce(sum(m.estimate), 0) - coalesce(sum(m.others) filter (where m.estimate is null), 0))::bigint as sent
    from merged as m
  ) as rest
  where not small and rest.sent > 0 and every_row
  order by 1, 2, 3;
end
$$;

comment on function talkme.count_rows() is 'What talkme.stats shows; counts everything but sent rows exactly, without reading them';

revoke execute on function talkme.count_rows() from public;
grant execute on function talkme.count_rows() to talkme_operator, talkme_viewer, talkme_marketing;
