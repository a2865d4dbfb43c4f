-- Up to four digits stand as they are in both languages.
create or replace function talkme.say_number(number numeric, language text) returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select case when abs(n.whole) >= 10000
      then regexp_replace(n.whole::text, '([0-9])(?=([0-9]{3})+$)', E'\\1' || case language when 'pt-BR' then '.' else ',' end, 'g')
      else n.whole::text
    end || coalesce(case language when 'pt-BR' then ',' else '.' end || nullif(split_part(trim_scale(number)::text, '.', 2), ''), '')
  from (select trunc(number) as whole) as n;
end;

comment on function talkme.say_number(numeric, text) is 'A number as people write it: 12,345.5 in English, 12.345,5 in Portuguese';

grant execute on function talkme.say_number(numeric, text) to public;
