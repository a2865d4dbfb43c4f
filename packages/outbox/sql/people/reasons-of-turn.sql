create or replace function talkme.reasons_of_turn(o talkme.outbox) returns setof talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  -- Counting further would take longer than the answer is worth.
  countable constant integer := 10000;
  ahead     bigint;
begin
  return query
  select 'rate_used_up', jsonb_build_object('of', split_part(p.scope, ':', 1), 'name', split_part(p.scope, ':', 2), 'until', p.next_at)
  from talkme.pace as p
  where p.scope in ('account:' || o.account, 'campaign:' || o.id_campanha, 'channel:' || o.id_wpp)
    and p.next_at > now()
  order by p.scope;

  -- Two ranges of the index: rows of a smaller priority, and rows that have been due for longer.
  select least(count(*), countable) into ahead
  from (
    (
      select from talkme.outbox as r
      where r.status = 'pending' and r.lane = o.lane and r.priority < o.priority and r.due_at < now()
      limit countable
    )
    union all
    (
      select from talkme.outbox as r
      where r.status = 'pending' and r.lane = o.lane and r.priority = o.priority and (r.due_at, r.id) < (o.due_at, o.id)
      limit countable
    )
  ) as earlier;
  return next (
    case when ahead = 0 then 'next' when ahead < countable then 'queue' else 'long_queue' end, jsonb_build_object('ahead', ahead)
  )::talkme.reason;
end
$$;

comment on function talkme.reasons_of_turn(talkme.outbox) is 'The rate and the rows that a due row waits for';

revoke execute on function talkme.reasons_of_turn(talkme.outbox) from public;
