create or replace function talkme.reasons_of_pending(o talkme.outbox) returns setof talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  obstacles    talkme.reason[];
  turn     talkme.reason[];
  forecast talkme.reason;
begin
  obstacles := array(
    select ('suppressed', jsonb_build_object(
      'by', s.suppressed_by, 'since', s.suppressed_at, 'reason', talkme.hide_numbers(s.reason), 'becomes', 'cancelled'
    ))::talkme.reason
    from talkme.suppression as s
    where s.recipient in (o.recipient, talkme.address_key(o.email_dest))
  );
  if o.expires_at <= now() then
    obstacles := obstacles || ('expiry_passed', jsonb_build_object('expires_at', o.expires_at, 'becomes', 'expired'))::talkme.reason;
  end if;
  if o.claim is not null then
    obstacles := obstacles || ('claim_unsettled', jsonb_build_object('becomes', 'unknown'))::talkme.reason;
  end if;
  obstacles := obstacles || array(select t from talkme.reasons_of_time(o) as t) || array(select s from talkme.reasons_of_stops(o) as s);

  -- A row that nothing else keeps is the next one, if none stands before it.
  if o.due_at <= now() then
    turn := array(select t from talkme.reasons_of_turn(o) as t);
    obstacles := obstacles || case
      when obstacles = '{}' then turn else array(select t from unnest(turn) as t where t.code <> 'next')
    end;
    if turn[cardinality(turn)].code = 'next' and cardinality(obstacles) = 1 and obstacles[1].code = 'next'
      and o.due_at < now() - interval '1 minute' then
      obstacles := obstacles || ('due_long', jsonb_build_object('since', o.due_at, 'account', o.account))::talkme.reason;
    end if;
  end if;

  forecast := talkme.forecast(o, obstacles);
  return query select f.* from unnest(obstacles) as f;
  if forecast.code is not null then
    return next forecast;
  end if;
end
$$;

comment on function talkme.reasons_of_pending(talkme.outbox) is 'Everything that a pending row waits for, and when it goes if nothing changes';

revoke execute on function talkme.reasons_of_pending(talkme.outbox) from public;
