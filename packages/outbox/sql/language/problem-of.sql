create or replace function talkme.problem_of(rule text, field text, parameters jsonb default '{}', phrase text default null)
returns talkme.problem
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  key constant text := coalesce(phrase, rule);
begin
  return (rule, field, talkme.say(key, parameters), talkme.say(key || '.hint', parameters));
end
$$;

comment on function talkme.problem_of(text, text, jsonb, text) is
  'A broken rule in words: the phrase of its name, or another one, and the hint that belongs to it';

revoke execute on function talkme.problem_of(text, text, jsonb, text) from public;
-- talkme.enqueue asks for it.
grant execute on function talkme.problem_of(text, text, jsonb, text) to talkme_producer;
