create or replace function talkme.say_span(span interval, language text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
set intervalstyle = 'postgres'
as $$
declare
  units constant jsonb := '{
    "year": "ano", "years": "anos", "mon": "mês", "mons": "meses", "day": "dia", "days": "dias"
  }';
  said  text := span::text;
  unit  record;
begin
  if language = 'pt-BR' then
    for unit in select * from jsonb_each_text(units) as u (english, portuguese) loop
      said := regexp_replace(said, E'\\m' || unit.english || E'\\M', unit.portuguese);
    end loop;
  end if;
  return said;
end
$$;

comment on function talkme.say_span(interval, text) is 'A length of time as people read it: 2 days 01:30:00, 2 dias 01:30:00';

grant execute on function talkme.say_span(interval, text) to public;
