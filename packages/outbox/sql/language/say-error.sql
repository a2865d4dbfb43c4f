create or replace function talkme.say_error(error_code text, error text, language text) returns text
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  phrase constant text := 'error.' || error_code;
begin
  -- What is stored is English, and knows the particulars.
  if error is not null and (talkme.language(language) = 'en' or phrase is null or not talkme.phrases() ? phrase) then
    return error;
  elsif talkme.phrases() ? phrase then
    return talkme.say('error.' || error_code, jsonb_build_object('error', rtrim(error, '.')), language);
  end if;
  return null;
end
$$;

comment on function talkme.say_error(text, text, text) is
  'What an error_code means, as a sentence: the stored one where it is in the language, or has no other; null if nobody knows';

revoke execute on function talkme.say_error(text, text, text) from public;
-- Through talkme.failures, and the daemon's own query of the same.
grant execute on function talkme.say_error(text, text, text) to talkme_daemon, talkme_operator, talkme_viewer;
