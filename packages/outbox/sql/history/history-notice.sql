create or replace function talkme.history_notice(language text default null) returns text
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  change  constant jsonb := talkme.history_change();
  wanted  constant text := talkme.language(language);
begin
  if change is null then
    return null;
  end if;
  return talkme.say('history_notice', change || jsonb_build_object(
    'changes', concat_ws(
      ', ',
      case when change ->> 'system_identifier' is not null then talkme.say('history_notice.system', change, wanted) end,
      case when change ->> 'timeline' is not null then talkme.say('history_notice.timeline', change, wanted) end
    ),
    'unnoticed', case when change ->> 'since' is null then talkme.say('history_notice.unnoticed', '{}', wanted) end
  ), wanted);
end
$$;

comment on function talkme.history_notice(text) is
  'Why nothing is sent after a failover, a restore or a copy, and what to do, in sentences; null while the database is the acknowledged one';

revoke execute on function talkme.history_notice(text) from public;
grant execute on function talkme.history_notice(text) to talkme_daemon, talkme_operator, talkme_viewer;
