-- Not by to_char, whose G and D follow lc_numeric, whose template bounds the digits, and which is only stable.
create or replace function talkme.reais(amount numeric) returns text
language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  cents  constant numeric := round(amount, 2);
  digits constant text    := abs(cents)::text;
begin
  if digits !~ '^[0-9]' then
    raise exception using
      errcode = '22003', message = format('talkme.reais: %s is not an amount of money', digits),
      hint = 'Correct the value, or give null: a variable that is null is left out.';
  end if;
  return case when cents < 0 then '-' else '' end || 'R$ '
    || regexp_replace(split_part(digits, '.', 1), '([0-9])(?=([0-9]{3})+$)', E'\\1.', 'g')
    || ',' || split_part(digits, '.', 2);
end
$$;

comment on function talkme.reais(numeric) is
  'An amount as Brazilians read it, R$ 1.234,50, whatever the locale of server and session; rounded to centavos';

revoke execute on function talkme.reais(numeric) from public;
grant execute on function talkme.reais(numeric) to talkme_operator, talkme_producer;
