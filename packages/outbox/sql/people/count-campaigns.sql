-- As cheap as talkme.count_rows: the rate needs the rows of the last minute besides, which outbox_finished finds.
create or replace function talkme.count_campaigns() returns table (
  account text, id_campanha bigint, name text, registered boolean, active boolean,
  pending bigint, due bigint, held bigint, oldest_due_at timestamptz, sending bigint, sent bigint, sent_is_estimate boolean,
  unknown bigint, failed bigint, expired bigint, cancelled bigint, paused boolean, opens_at timestamptz,
  rate_per_second numeric, expected_end timestamptz
)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  with counted as materialized (
    select
      r.account, r.id_campanha, sum(r.pending) as pending, sum(r.due) as due, sum(r.held) as held,
      min(r.oldest_due_at) as oldest_due_at, max(r.latest_due_at) as latest_due_at, sum(r.sending) as sending, sum(r.sent) as sent,
      bool_or(r.sent_is_estimate) as sent_is_estimate, sum(r.unknown) as unknown, sum(r.failed) as failed,
      sum(r.expired) as expired, sum(r.cancelled) as cancelled, bool_and(r.paused) filter (where r.pending > 0) as paused,
      max(r.opens_at) as opens_at
    from talkme.count_rows() as r
    -- Sent rows of lanes that the statistics do not know are nobody's.
    where r.account is not null
    group by r.account, r.id_campanha
  ),
  -- What began within the minute is not divided by the whole of it, unless it is too little to know.
  lately as materialized (
    select
      o.account, o.id_campanha,
      count(*) / case when count(*) < 20 then 60 else greatest(extract(epoch from now() - min(o.finished_at)), 10) end as rate
    from talkme.outbox as o
    where o.finished_at > now() - interval '1 minute' and o.status = 'sent'
    group by o.account, o.id_campanha
  ),
  known as (
    select c.account, c.id_campanha from talkme.campaign as c
    union
    select r.account, r.id_campanha from counted as r
  )
  select
    k.account, k.id_campanha, c.name, c.account is not null, coalesce(c.active, true),
    coalesce(r.pending, 0)::bigint, coalesce(r.due, 0)::bigint, coalesce(r.held, 0)::bigint, r.oldest_due_at,
    coalesce(r.sending, 0)::bigint, coalesce(r.sent, 0)::bigint, coalesce(r.sent_is_estimate, false),
    coalesce(r.unknown, 0)::bigint, coalesce(r.failed, 0)::bigint, coalesce(r.expired, 0)::bigint, coalesce(r.cancelled, 0)::bigint,
    coalesce(r.paused, false), r.opens_at, round(coalesce(l.rate, 0), 2),
    case when r.pending > r.held and not coalesce(r.paused, false) and p.pace > 0 then
      greatest(r.latest_due_at, talkme.expected_end(
        coalesce(c.open_minutes, a.open_minutes), ((r.pending - r.held) / p.pace)::double precision, now()
      ))
    end
  from known as k
  left join talkme.campaign as c on c.account = k.account and c.id_campanha = k.id_campanha
  left join talkme.account as a on a.account = k.account
  left join counted as r on r.account = k.account and r.id_campanha is not distinct from k.id_campanha
  left join lately as l on l.account = k.account and l.id_campanha is not distinct from k.id_campanha
  cross join lateral (select coalesce(nullif(round(l.rate, 2), 0), c.rate_per_second) as pace) as p
  order by k.account, k.id_campanha;
end;

comment on function talkme.count_campaigns() is 'What talkme.campaigns shows';

revoke execute on function talkme.count_campaigns() from public;
grant execute on function talkme.count_campaigns() to talkme_daemon, talkme_operator, talkme_viewer;
