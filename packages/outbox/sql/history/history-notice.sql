create or replace function talkme.history_notice() returns text
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  s record := talkme.history_state();
begin
  if not s.changed then
    return null;
  end if;
  return format(
    'Nothing is sent: this is not the database in which the messages were last marked (%s)%s. Messages that were sent after the last mark that it has would be sent again. Look at talkme.history_doubts(); then, as a member of talkme_operator, select talkme.acknowledge_history(''why'')%s.',
    concat_ws(
      ', ',
      case when s.was_system_identifier is distinct from s.system_identifier then format(
        'system identifier %s instead of %s', coalesce(s.system_identifier::text, 'unreadable'), coalesce(s.was_system_identifier::text, 'unreadable')
      ) end,
      case when s.was_timeline is distinct from s.timeline then format(
        'timeline %s instead of %s', coalesce(s.timeline, 'unreadable'), coalesce(s.was_timeline, 'unreadable')
      ) end
    ),
    coalesce(', noticed at ' || talkme.say_time(s.changed_at), ', which no instance of syncd has noticed yet'),
    case
      when s.acknowledgeable_at > now() then format(', from %s on', talkme.say_time(s.acknowledgeable_at))
      else ''
    end
  ) || case
    when s.missing_claims > 0 then format(' The instances remember %s claim(s) that it has lost.', s.missing_claims)
    else ''
  end;
end
$$;

comment on function talkme.history_notice() is
  'Why nothing is sent after a failover, a restore or a copy, and what to do, in sentences; null while the database is the acknowledged one';

revoke execute on function talkme.history_notice() from public;
grant execute on function talkme.history_notice() to talkme_daemon, talkme_operator, talkme_viewer;
