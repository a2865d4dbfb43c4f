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
      message = 'an acknowledgement needs a reason',
      hint = 'Say what happened and what you looked at: talkme.acknowledge_history(''failover to b; the rows of history_doubts() are resolved'').';
  end if;
  perform from talkme.history for update;
  -- The server may have been restarted or changed again since.
  perform talkme.check_history();
  s := talkme.history_state();
  if not s.changed then
    raise exception using
      errcode = 'object_not_in_prerequisite_state',
      message = 'there is nothing to acknowledge: the database is the one in which the messages were marked',
      hint = 'talkme.history says when it was last acknowledged, by whom, and why.';
  elsif s.acknowledgeable_at > clock_timestamp() then
    raise exception using
      errcode = 'object_not_in_prerequisite_state',
      message = format('the change can be acknowledged from %s on', talkme.say_time(s.acknowledgeable_at)),
      hint = 'By then, a lease and the longest request after it was noticed, the instances have written down what they remember '
        'of it, and nothing that they claimed before is on the wire any more. talkme.check_history() notices a change where no instance of syncd runs.';
  end if;
  perform talkme.write_acknowledgement(reason, false);
  return format(
    'Acknowledged: timeline %s of server %s is the history from now on. Rows that are pending are sent.',
    coalesce(s.timeline, 'unreadable'), coalesce(s.system_identifier::text, 'unreadable')
  );
end
$$;

comment on function talkme.acknowledge_history(text) is
  'After a failover, a restore or a copy: says that what was lost is dealt with, so that syncd sends again. No sooner than a lease and a request time-out after the change was noticed';

revoke execute on function talkme.acknowledge_history(text) from public;
grant execute on function talkme.acknowledge_history(text) to talkme_operator;
