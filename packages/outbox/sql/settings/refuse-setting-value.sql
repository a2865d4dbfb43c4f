create or replace function talkme.refuse_setting_value(setting text, why text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = 'invalid_parameter_value', schema = 'talkme', table = setting, constraint = 'setting_fit',
    message = talkme.say('setting_fit', jsonb_build_object('why', talkme.hide_numbers(why))), hint = talkme.say('setting_fit.hint');
end
$$;

comment on function talkme.refuse_setting_value(text, text) is 'Refuses a value that does not fit the column of a setting';

revoke execute on function talkme.refuse_setting_value(text, text) from public;
