create or replace function talkme.foreign_key(digits text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  plans    constant jsonb := talkme.numbering_plans();
  plan     jsonb;
  code     text;
  national text;
  prefix   text[];
  stripped text;
  whole    text;
begin
  if length(digits) not between 7 and 15 then
    return null;
  end if;
  for size in 1..3 loop
    code := left(digits, size);
    plan := plans -> code;
    exit when plan is not null;
  end loop;
  whole := '^(?:' || (plan ->> 0) || ')$';
  national := substr(digits, length(code) + 1);
  prefix := regexp_match(national, '^((?:' || (plan ->> 1) || '))');
  if prefix is not null then
    stripped := coalesce(replace(plan ->> 2, '$1', nullif(prefix[2], '')), '') || substr(national, length(prefix[1]) + 1);
    -- As libphonenumber does: if the number is valid with its first digits, they are not a prefix.
    if national !~ whole or stripped ~ whole then
      national := stripped;
    end if;
  end if;
  return case when national ~ whole then code || national end;
end
$$;

comment on function talkme.foreign_key(text) is
  'Country code and number of the digits after a +, without a prefix that is dialled only within the country; null for what no plan has';

grant execute on function talkme.foreign_key(text) to public;
