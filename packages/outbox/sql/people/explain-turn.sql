create or replace function talkme.explain_turn(o talkme.outbox) returns setof text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  -- Counting further would take longer than the answer is worth.
  countable    constant integer := 10000;
  ahead        bigint;
  open_minutes int4multirange;
  opens_at     timestamptz;
begin
  if not exists (
    select from talkme.instance as i where i.heartbeat_at >= now() - i.lease_seconds * interval '1 second'
  ) then
    return next 'No syncd is running: talkme.instance has none that was heard of within its lease.';
  end if;

  open_minutes := coalesce(
    (select c.open_minutes from talkme.campaign as c where c.account = o.account and c.id_campanha = o.id_campanha),
    (select a.open_minutes from talkme.account as a where a.account = o.account)
  );
  if open_minutes is not null then
    opens_at := talkme.opens_at(open_minutes, o.recipient, now());
    if opens_at > now() then
      return next format('It is outside its sending window until %s.', talkme.say_time(opens_at));
      return;
    end if;
  end if;

  return query
  select format('The rate of %s is used up until %s.', replace(p.scope, ':', ' '), talkme.say_time(p.next_at))
  from talkme.pace as p
  where p.scope in ('account:' || o.account, 'campaign:' || o.id_campanha, 'channel:' || o.id_wpp)
    and p.next_at > now()
  order by p.scope;

  -- Two ranges of the index: rows of a smaller priority, and rows that have been due for longer.
  select count(*) into ahead
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
  return next case
    when ahead = 0 then 'It is the next of its account, campaign and channel'
    when ahead < countable then format(
      'It waits for its turn: %s due row(s) of its account, campaign and channel stand before it', ahead
    )
    else format(
      'It waits for its turn: %s due rows or more of its account, campaign and channel stand before it', countable
    )
  end || case
    when o.due_at < now() - interval '1 minute' then format(
      '. It has been due since %s; if nothing of account %s is sent, syncd may not be configured for it: see syncd check.',
      talkme.say_time(o.due_at), o.account
    )
    else '.'
  end;
end
$$;

comment on function talkme.explain_turn(talkme.outbox) is 'What a due row that nothing stops waits for';

revoke execute on function talkme.explain_turn(talkme.outbox) from public;
