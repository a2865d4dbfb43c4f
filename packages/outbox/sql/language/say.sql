-- The one way to a sentence for people. A phrase may have a part in brackets: it is left out where a parameter in it is null. Values
-- are put in last, each once, so that nothing in them is taken for a placeholder.
--
-- Runs with the rights of whoever is refused, and so do the functions that it needs: they read no table. A phrase that is missing must
-- not hide a refusal, so its key stands for it; packages/outbox/test/spoken-catalogue.test.ts finds it.
create or replace function talkme.say(phrase text, parameters jsonb default '{}', language text default null) returns text
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  wanted   constant text := talkme.language(language);
  given    constant jsonb := jsonb_strip_nulls(parameters);
  template text := coalesce(talkme.phrases() -> phrase ->> wanted, phrase);
  parts    text[];
  inside   text;
  said     text;
begin
  if strpos(template, '[') > 0 then
    parts := string_to_array(template, '[');
    template := parts[1];
    for i in 2..cardinality(parts) loop
      inside := split_part(parts[i], ']', 1);
      template := template
        || case when given ?& array(select m[1] from regexp_matches(inside, '[{]([a-z_]+)', 'g') as m) then inside else '' end
        || substr(parts[i], length(inside) + 2);
    end loop;
  end if;

  parts := string_to_array(template, '{');
  said := parts[1];
  for i in 2..cardinality(parts) loop
    inside := split_part(parts[i], '}', 1);
    said := said || talkme.say_parameter(inside, given, wanted) || substr(parts[i], length(inside) + 2);
  end loop;
  return said;
end
$$;

comment on function talkme.say(text, jsonb, text) is
  'A sentence of talkme.phrases with its parameters, in a language, or else in that of the session';

grant execute on function talkme.say(text, jsonb, text) to public;
