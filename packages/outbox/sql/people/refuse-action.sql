create or replace function talkme.refuse_action(rule text, complaint text, remedy text, state text default '55000') returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = state, schema = 'talkme', table = 'outbox', constraint = rule, message = complaint, hint = remedy;
end
$$;

comment on function talkme.refuse_action(text, text, text, text) is
  'Refuses an action on rows under the name of a rule; 55000 says that a row is not in the state for it';

revoke execute on function talkme.refuse_action(text, text, text, text) from public;
