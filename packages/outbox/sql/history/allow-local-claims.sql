create or replace function talkme.allow_local_claims(reason text) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  setting text;
begin
  if coalesce(btrim(reason), '') = '' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('local_claims.reason'),
      hint = talkme.say('local_claims.reason.hint');
  end if;
  -- A standby that does not know of this would take a failover for one in which nothing was lost.
  if current_setting('synchronous_commit') in ('off', 'local', 'remote_write') then
    setting := set_config('synchronous_commit', 'on', true);
  end if;
  update talkme.history set claim_durability = 'local', local_gone_at = null where claim_durability = 'standby';
  if not found then
    return talkme.say('local_claims.unchanged');
  end if;
  perform talkme.record_audit('allow_local_claims', jsonb_build_object('from', 'standby', 'to', 'local'), 0, reason);
  perform talkme.notify_daemon();
  return talkme.say('local_claims.done');
end
$$;

comment on function talkme.allow_local_claims(text) is
  'Lets instances with TALKME_CLAIM_DURABILITY=local claim again, whose claims no standby confirms: a failover has to be acknowledged by a person then';

revoke execute on function talkme.allow_local_claims(text) from public;
grant execute on function talkme.allow_local_claims(text) to talkme_operator;
