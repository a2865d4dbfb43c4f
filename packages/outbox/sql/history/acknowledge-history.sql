create or replace function talkme.acknowledge_history(reason text) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  s record;
begin
  if coalesce(btrim(reason), '') = '' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('acknowledge.reason'),
      hint = talkme.say('acknowledge.reason.hint');
  end if;
  perform from talkme.history for update;
  -- The server may have been restarted or changed again since.
  perform talkme.check_history();
  s := talkme.history_state();
  if not s.changed then
    raise exception using
      errcode = 'object_not_in_prerequisite_state',
      message = talkme.say('acknowledge.unchanged'),
      hint = talkme.say('acknowledge.unchanged.hint');
  elsif s.acknowledgeable_at > clock_timestamp() then
    raise exception using
      errcode = 'object_not_in_prerequisite_state',
      message = talkme.say('acknowledge.early', jsonb_build_object('at', s.acknowledgeable_at)),
      hint = talkme.say('acknowledge.early.hint');
  end if;
  perform talkme.write_acknowledgement(reason, false);
  return talkme.say('acknowledge.done', jsonb_build_object(
    'timeline', coalesce(s.timeline, 'unreadable'), 'server', coalesce(s.system_identifier::text, 'unreadable')
  ));
end
$$;

comment on function talkme.acknowledge_history(text) is
  'After a failover, a restore or a copy: says that what was lost is dealt with, so that syncd sends again. No sooner than a lease and a request time-out after the change was noticed';

revoke execute on function talkme.acknowledge_history(text) from public;
grant execute on function talkme.acknowledge_history(text) to talkme_operator;
