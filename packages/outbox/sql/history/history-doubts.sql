create or replace function talkme.history_doubts(since timestamptz default '-infinity')
returns table (id bigint, status text, why text, due_at timestamptz, claimed_at timestamptz, instance text, outcome text, reference text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  changed constant timestamptz := (select coalesce(h.changed_at, h.last_changed_at) from talkme.history as h);
begin
  return query
  with doubt as (
    select o.*, case
      when o.status = 'sending' then 'on the wire'
      when o.error_code = 'history_changed' then 'remembered'
      else 'in doubt'
    end as why
    from talkme.outbox as o
    where o.status = 'sending' or o.status = 'unknown' and o.claimed_at > since
    union all
    select o.*, 'due before the change'
    from talkme.outbox as o
    where o.status = 'pending' and o.due_at > since and o.due_at < changed and o.created_at < changed
  )
  select d.id, d.status, coalesce(case when a.attempt > d.fence then 'remembered' end, d.why), d.due_at, d.claimed_at,
    coalesce(a.instance, d.claimed_by), a.outcome, a.reference
  from doubt as d
  left join lateral (
    select t.attempt, t.instance, t.outcome, t.reference
    from talkme.attempt as t
    where t.outbox_id = d.id and t.attempt >= d.fence
    order by t.attempt desc, t.started_at desc
    limit 1
  ) as a on true
  order by d.due_at, d.id;
end
$$;

comment on function talkme.history_doubts(timestamptz) is
  'What may have been sent although no row says so, after a failover, a restore or a copy: what the instances remember, what was on the wire, and what was due before the change. since: leave out what was due or claimed earlier';

revoke execute on function talkme.history_doubts(timestamptz) from public;
grant execute on function talkme.history_doubts(timestamptz) to talkme_operator, talkme_viewer;
