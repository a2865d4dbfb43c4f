-- An answer of the API, somebody's reason or a customer's error may quote a number. As maskedText of @talkme/outbox, but dates and
-- shorter numbers stay. Characters stand as numbers, as in talkme.trim_blanks.
create or replace function talkme.hide_numbers(text text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  in_utf8 constant boolean := getdatabaseencoding() = 'UTF8';
  digit   constant pg_catalog.text := case when in_utf8
    then E'[0-9\\u0660-\\u0669\\u06f0-\\u06f9\\u0966-\\u096f\\uff10-\\uff19]' else '[0-9]'
  end;
  -- What people, and encodings, put between digits.
  gap     constant pg_catalog.text := case when in_utf8
    then E'(?:[\\s().\\/_+\\u00a0\\u00ad\\u2000-\\u2015\\u2028-\\u202f\\u205f-\\u2064\\u2212\\u3000\\ufeff-]|%[02][0-9A-Fa-f]|%C2%A0|&nbsp;|\\\\u00a0){0,6}'
    else E'(?:[\\s().\\/_+-]|%[02][0-9A-Fa-f]|&nbsp;){0,6}'
  end;
  at_sign constant pg_catalog.text := case when in_utf8
    then E'(?:[@\\uff20]|%40|&#0*64;|&commat;|\\\\u0040|\\s?[\\[(]at[\\])]\\s?)' else E'(?:@|%40|&#0*64;|&commat;|\\s?[\\[(]at[\\])]\\s?)'
  end;
begin
  return regexp_replace(
    regexp_replace(text collate "C", E'[^\\s@]{1,64}' || at_sign || E'[^\\s@]+', '(address)', 'g'),
    -- Eight digits or more, however they are separated, that do not begin with a date.
    format('(?:[+]|%%2B)?(?:[(](?=[0-9]{2}[)]))?(?<!%1$s)(?![0-9]{4}-[0-9]{2}-[0-9]{2})%1$s(?:%2$s%1$s){7,}', digit, gap), '(number)', 'g'
  );
end
$$;

comment on function talkme.hide_numbers(text) is 'A text without its telephone numbers and addresses';

revoke execute on function talkme.hide_numbers(text) from public;
-- For talkme.without_values, talkme.messages and the console.
grant execute on function talkme.hide_numbers(text) to talkme_producer, talkme_operator, talkme_viewer, talkme_marketing;
