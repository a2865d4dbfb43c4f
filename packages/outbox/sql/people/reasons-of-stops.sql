create or replace function talkme.reasons_of_stops(o talkme.outbox) returns setof talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select 'history_changed', h.change from talkme.history_change() as h (change) where h.change is not null;

  return query
  select 'paused', jsonb_build_object(
    'scope', p.scope, 'what', split_part(p.scope, ':', 1), 'name', nullif(split_part(p.scope, ':', 2), ''),
    'by', p.paused_by, 'since', p.paused_at, 'reason', talkme.hide_numbers(p.reason)
  )
  from talkme.paused as p
  where p.scope = any (talkme.scopes_of(o.account, o.id_campanha::text, o.id_wpp::text) || ('batch:' || o.batch_id))
  order by p.scope;

  return query
  select 'campaign_inactive', jsonb_build_object('id_campanha', c.id_campanha, 'name', c.name)
  from talkme.campaign as c
  where c.account = o.account and c.id_campanha = o.id_campanha and not c.active;

  return query
  select
    case when c.half_open_at > now() then 'circuit_open' else 'circuit_half_open' end,
    jsonb_build_object(
      'account', c.account, 'instance', case when c.credential <> '' then c.reported_by end, 'since', c.opened_at,
      'kind', c.kind, 'until', case when c.half_open_at > now() then c.half_open_at end
    )
  from talkme.circuit as c
  where c.account = o.account and c.kind is not null
    and (c.credential = '' or c.reported_by in (select i.name from talkme.instance as i));

  return query
  select
    case when l.not_founds > 0 then 'lane_not_found' else 'lane_not_understood' end,
    jsonb_build_object(
      'not_founds', l.not_founds, 'until', l.quiet_until, 'scope', coalesce('campaign:' || o.id_campanha, 'channel:' || o.id_wpp)
    )
  from talkme.lane as l
  where l.lane = o.lane and l.quiet_until > now();

  return query
  select case
    when alive.instances = 0 then 'no_instance'
    when alive.can_claim = 0 and alive.standbys > 0 then 'no_standby'
    else 'local_claims_refused'
  end, '{}'::jsonb
  from (
    select
      count(*) as instances, count(*) filter (where i.durability = 'standby') as standbys,
      count(*) filter (
        where talkme.can_claim(i.durability) and (i.durability = 'standby' or h.claim_durability is distinct from 'standby')
      ) as can_claim
    from talkme.instance as i
    left join talkme.history as h on h.singleton
    where i.heartbeat_at >= now() - i.lease_seconds * interval '1 second'
  ) as alive
  where alive.can_claim = 0;

  -- An instance of an earlier version does not say which accounts it has.
  return query
  select 'account_unserved', jsonb_build_object('account', o.account)
  from talkme.instance as i
  where i.heartbeat_at >= now() - i.lease_seconds * interval '1 second'
  having bool_and(coalesce(o.account <> all (i.accounts), false));
end
$$;

comment on function talkme.reasons_of_stops(talkme.outbox) is
  'The pauses, open circuits and so on that keep the rows of an account, campaign or channel waiting';

revoke execute on function talkme.reasons_of_stops(talkme.outbox) from public;
