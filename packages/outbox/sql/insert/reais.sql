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
      errcode = '22003', message = talkme.say('reais_is_amount', jsonb_build_object('amount', digits)),
      hint = talkme.say('reais_is_amount.hint');
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
