create or replace function talkme.say_setting(setting text, was jsonb, is_now jsonb) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
set intervalstyle = 'postgres'
as $$
declare
  changes text;
begin
  select string_agg(talkme.say(case when jsonb_strip_nulls(was) = '{}' then 'said.setting_new' else 'said.setting_change' end, jsonb_build_object(
    'column', k, 'was', coalesce(was ->> k, 'null'), 'now', coalesce(is_now ->> k, 'null')
  )), ', ' order by k) into changes
  -- Its name has been said, and how the windows open follows from them.
  from jsonb_object_keys(is_now - '{account,id_campanha,open_minutes}'::text[]) as k
  where was ->> k is distinct from is_now ->> k;
  return case
    when changes is null then talkme.say('said.setting_same', jsonb_build_object('setting', setting))
    else talkme.say('said.setting', jsonb_build_object('setting', setting, 'changes', changes))
  end;
end
$$;

comment on function talkme.say_setting(text, jsonb, jsonb) is 'What was changed in a setting, in a sentence';

revoke execute on function talkme.say_setting(text, jsonb, jsonb) from public;
