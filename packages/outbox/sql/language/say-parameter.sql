-- In a phrase stand
--
--   {id}             the parameter as it is
--   {at:time}        a time; {n:number} a number; {gap:span} an interval; {account:literal} a text in quotes
--   {kind:word}      the phrase whose key is kind. and the parameter
--   {rows|row|rows}  the first word if the parameter counts one, or else the second. In Portuguese, as in PostgreSQL's own
--                    translation, nothing counts as one: 0 linha
--
-- What else stands in braces is a part of the sentence, such as JSON.
create or replace function talkme.say_parameter(placeholder text, parameters jsonb, language text) returns text
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  name  constant text := substring(placeholder from '^[a-z_]+');
  given constant text := parameters ->> name;
  form  constant text := substr(placeholder, length(name) + 1);
begin
  return case
    when form = '' then coalesce(given, '')
    when form = ':time' then coalesce(talkme.say_time(given::timestamptz, language), '')
    when form = ':number' then coalesce(talkme.say_number(given::numeric, language), '')
    when form = ':span' then coalesce(talkme.say_span(given::interval, language), '')
    when form = ':literal' then quote_nullable(given)
    when form = ':word' then coalesce(talkme.phrases() -> (name || '.' || given) ->> language, given, '')
    when form ^@ '|' then split_part(form, '|', case when given::numeric = 1 or language = 'pt-BR' and given::numeric < 2 then 2 else 3 end)
    else '{' || placeholder || '}'
  end;
end
$$;

comment on function talkme.say_parameter(text, jsonb, text) is 'What stands for a placeholder of a phrase';

grant execute on function talkme.say_parameter(text, jsonb, text) to public;
