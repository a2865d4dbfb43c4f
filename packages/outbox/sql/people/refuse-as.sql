create or replace function talkme.refuse_as(
  rule text, parameters jsonb, state text default '55000', complaint text default null, remedy text default null
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform talkme.refuse_action(
    rule, talkme.say(coalesce(complaint, rule), parameters), talkme.say(coalesce(remedy, complaint || '.hint', rule || '.hint'), parameters), state
  );
end
$$;

comment on function talkme.refuse_as(text, jsonb, text, text, text) is
  'Refuses an action under the name of a rule, in the words of its phrase and hint, or of others';

revoke execute on function talkme.refuse_as(text, jsonb, text, text, text) from public;
