create or replace function talkme.national_digits(dialled text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  given    constant text collate "C" := dialled;
  -- 55 is the country code only if more digits follow than DDD and number can have: it is also the DDD of Santa Maria.
  national constant text collate "C" := case
    when given ~ '^[+]55' then substr(given, 4)
    when given ~ '^[+]' then null
    when given ~ '^55' and length(given) >= 12 then substr(given, 3)
    else given
  end;
begin
  -- The trunk prefix, after which two digits may choose a carrier.
  return case
    when national !~ '^0' then national
    when national ~ '^0(12|13|14|15|17|21|23|25|26|31|32|34|36|41|43|45|51|55)[0-9]{10,11}$' then substr(national, 4)
    else substr(national, 2)
  end;
end
$$;

comment on function talkme.national_digits(text) is
  'DDD and number of the digits that one dials for a number of Brazil; null for those of another country';

grant execute on function talkme.national_digits(text) to public;
