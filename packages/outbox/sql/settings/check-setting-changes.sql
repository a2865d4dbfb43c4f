create or replace function talkme.check_setting_changes(setting text, changes jsonb, columns text[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  about constant jsonb := jsonb_build_object('setting', 'talkme.' || setting, 'columns', array_to_string(columns, ', '));
  rule  text;
  wrong text;
begin
  if changes is null or jsonb_typeof(changes) <> 'object' or changes = '{}' then
    rule := 'setting_given';
  else
    select string_agg(k, ', ') into wrong from jsonb_object_keys(changes) as k where k <> all (columns);
    rule := case
      when wrong is null then null
      when wrong ~ '(retention|delete_after)' then 'setting_owner'
      else 'setting_columns'
    end;
  end if;
  if rule is not null then
    raise exception using
      errcode = case when rule = 'setting_owner' then 'insufficient_privilege' else 'invalid_parameter_value' end,
      schema = 'talkme', table = setting, constraint = rule,
      message = talkme.say(rule, about || jsonb_build_object('wrong', coalesce(talkme.hide_numbers(wrong), ''))),
      hint = talkme.say(rule || '.hint', about);
  end if;
end
$$;

comment on function talkme.check_setting_changes(text, jsonb, text[]) is
  'Refuses changes of a setting that are not an object of the columns that an operator may set';

revoke execute on function talkme.check_setting_changes(text, jsonb, text[]) from public;
