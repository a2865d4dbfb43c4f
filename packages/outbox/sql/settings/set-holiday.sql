create or replace function talkme.set_holiday(day date, name text, state text default '*', reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  changed boolean;
begin
  perform set_config('talkme.action', 'set_holiday', true), set_config('talkme.reason', reason, true);
  if name is null then
    delete from talkme.holiday as h where h.day = set_holiday.day and h.state = set_holiday.state;
  else
    insert into talkme.holiday as h (day, state, name) values (set_holiday.day, set_holiday.state, set_holiday.name)
    on conflict on constraint holiday_pkey do update set name = excluded.name where h.name <> excluded.name;
  end if;
  changed := found;
  perform set_config('talkme.action', '', true), set_config('talkme.reason', '', true);
  return case
    when not changed then talkme.say('said.setting_same', jsonb_build_object('setting', format('talkme.holiday %s %s', day, state)))
    when name is null then talkme.say('said.holiday_removed', jsonb_build_object('day', day, 'state', state))
    else talkme.say('said.holiday', jsonb_build_object('day', day, 'state', state))
  end;
end
$$;

comment on function talkme.set_holiday(date, text, text, text) is
  'Makes a day a holiday of a state, or of the whole country (*): no sending window opens. Without a name (null), it is one no more';

revoke execute on function talkme.set_holiday(date, text, text, text) from public;
grant execute on function talkme.set_holiday(date, text, text, text) to talkme_operator;
