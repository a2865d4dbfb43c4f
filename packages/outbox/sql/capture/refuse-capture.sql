create or replace function talkme.refuse_capture(
  rule text, state text, parameters jsonb default '{}', complaint text default null, remedy text default null
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = state, schema = 'talkme', constraint = rule,
    message = 'talkme.capture: ' || talkme.say(coalesce(complaint, rule), parameters),
    -- PostgreSQL may have one of its own.
    hint = coalesce(parameters ->> 'hint', talkme.say(coalesce(remedy, complaint || '.hint', rule || '.hint'), parameters));
end
$$;

comment on function talkme.refuse_capture(text, text, jsonb, text, text) is 'Refuses a request for a capture under the name of a rule, in the words of its phrase and hint, or of others';

revoke execute on function talkme.refuse_capture(text, text, jsonb, text, text) from public;
grant execute on function talkme.refuse_capture(text, text, jsonb, text, text) to talkme_producer;
