-- The key of a number is what is sent for it: country code and number, as @talkme/core's normalizePhone reads them; a test
-- compares the two. Nothing here raises an error: the keys are columns, and rows come in many ways. What cannot be read gets a
-- key that nothing is sent to: ? and its digits, the same in each spelling, so that it can be erased. All of these functions are immutable: if one of them changes, existing rows and
-- suppressions have to be computed again.
create or replace function talkme.number_key(numero_dest text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  ddd      constant text collate "C" := '^(1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9])';
  given    constant text collate "C" := numero_dest;
  dialled  text collate "C";
  national text collate "C";
  key      text collate "C";
  within text collate "C";
begin
  if coalesce(given, '') = '' then
    return null;
  end if;
  -- As nearly all are written.
  if given ~ '^[1-9][0-9]{9,10}$' then
    dialled := given;
  else
    dialled := talkme.dialled_digits(given);
    if dialled is null and talkme.trim_blanks(given) = '' then
      return null;
    end if;
  end if;
  if dialled ~ '^[+]' and dialled !~ '^[+]55' then
    national := substr(dialled, 2);
    key := talkme.foreign_key(national);
  else
    -- 55 is the country code only if more digits follow than DDD and number can have: it is also the DDD of Santa Maria.
    national := case
      when dialled ~ '^[+]' then substr(dialled, 4)
      when dialled ~ '^55' and length(dialled) >= 12 then substr(dialled, 3)
      else dialled
    end;
    -- The trunk prefix, after which two digits may choose a carrier.
    if national ~ '^0' then
      national := case
        when national ~ '^0(12|13|14|15|17|21|23|25|26|31|32|34|36|41|43|45|51|55)[0-9]{10,11}$' then substr(national, 4)
        else substr(national, 2)
      end;
    end if;
    key := '55' || case
      when national ~ (ddd || '(9[0-9]{8}|[2-5][0-9]{7})$') then national
      -- A mobile number from before 2016, unless its groups show that a digit is missing.
      when national ~ (ddd || '[6-9][0-9]{7}$')
        and talkme.trim_blanks(given) ~ '[6-9]([0-9]{3}[^0-9]*[0-9]{4}|[0-9]([^0-9]+[0-9]{2}){3})$'
      then overlay(national placing '9' from 3 for 0)
    end;
  end if;
  if key is null and national is null then
    -- What was written around the number, such as tel: or a name, may be all that is wrong.
    within := substring(given from '[+]?[0-9].*[0-9]');
    national := case
      when within <> given then ltrim(talkme.number_key(within), '?')
      else regexp_replace(given, '[^0-9]', '', 'g')
    end;
  end if;
  -- Short enough for an index, whatever it is.
  return coalesce(key, '?' || left(coalesce(national, ''), 40));
end
$$;

comment on function talkme.number_key(text) is
  'Country code and number of a telephone number, in whichever spelling; ? and its digits if nothing can be sent to it; null for none';

grant execute on function talkme.number_key(text) to public;
