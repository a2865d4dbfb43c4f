create or replace function talkme.refuse_capture(
  rule text, state text, complaint text, remedy text
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = state, schema = 'talkme', constraint = rule, message = 'talkme.capture: ' || complaint, hint = remedy;
end
$$;

comment on function talkme.refuse_capture(text, text, text, text) is 'Refuses a request for a capture under the name of a rule';

revoke execute on function talkme.refuse_capture(text, text, text, text) from public;
grant execute on function talkme.refuse_capture(text, text, text, text) to talkme_producer;
