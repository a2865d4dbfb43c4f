-- Assumes what cannot be known: that a row that tries a circuit is accepted, and that the others before it take as long as those of
-- the last minute did.
create or replace function talkme.forecast(o talkme.outbox, obstacles talkme.reason[]) returns talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  codes        constant text[] := array(select f.code from unnest(obstacles) as f);
  -- Nothing but a person, or a syncd that is started or configured, ends these.
  stays        constant boolean := codes && array[
    'held_burst', 'held_duplicate', 'held', 'held_by_person', 'paused', 'campaign_inactive', 'history_changed', 'no_instance', 'no_standby',
    'local_claims_refused', 'account_unserved'
  ];
  ahead        constant bigint := (select max((f.parameters ->> 'ahead')::bigint) from unnest(obstacles) as f);
  open_minutes int4multirange;
  per_second   double precision;
  at           timestamptz := greatest(now(), (select max((f.parameters ->> 'until')::timestamptz) from unnest(obstacles) as f));
begin
  if codes && array['suppressed', 'expiry_passed', 'claim_unsettled', 'due_long'] then
    return null;
  elsif stays and o.expires_at > now() and isfinite(o.expires_at) and not codes && array['no_instance'] then
    return ('expires_first', jsonb_build_object('at', o.expires_at, 'becomes', 'expired'))::talkme.reason;
  elsif stays then
    return ('stays', '{}'::jsonb)::talkme.reason;
  end if;

  select coalesce(c.open_minutes, a.open_minutes), c.rate_per_second into open_minutes, per_second
  from (select) as one
  left join talkme.campaign as c on c.account = o.account and c.id_campanha = o.id_campanha
  left join talkme.account as a on a.account = o.account;
  if open_minutes is not null then
    at := talkme.opens_at(open_minutes, o.recipient, at);
  end if;
  if ahead > 0 then
    per_second := coalesce(talkme.sent_per_second(o.lane), per_second);
    at := greatest(at, talkme.expected_end(open_minutes, ahead / per_second, now()));
  end if;

  return case
    when o.expires_at <= at then ('expires_first', jsonb_build_object('at', o.expires_at, 'becomes', 'expired'))::talkme.reason
    when codes && array['circuit_open', 'circuit_half_open', 'lane_not_found', 'lane_not_understood', 'long_queue']
      or ahead > 0 and per_second is null
      then case when at > now() then ('goes_not_before', jsonb_build_object('at', at, 'becomes', 'sent'))::talkme.reason end
    when at < now() + interval '5 seconds' then ('goes_now', jsonb_build_object('at', at, 'becomes', 'sent'))::talkme.reason
    else ('goes_at', jsonb_build_object('at', at, 'becomes', 'sent'))::talkme.reason
  end;
end
$$;

comment on function talkme.forecast(talkme.outbox, talkme.reason[]) is
  'When a waiting row goes if nothing changes, given all that it waits for; null where nobody can know, or a reason says what it becomes instead';

revoke execute on function talkme.forecast(talkme.outbox, talkme.reason[]) from public;
