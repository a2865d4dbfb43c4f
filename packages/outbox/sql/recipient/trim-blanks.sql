-- Characters stand as numbers in E'' strings, which read the same whatever standard_conforming_strings is. In an encoding other
-- than UTF8 a regular expression compares that encoding's numbers, so it looks only for ASCII there.
create or replace function talkme.trim_blanks(given text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  blank constant text := case getdatabaseencoding()
    when 'UTF8' then E'[ \\u0009-\\u000d\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]+'
    else E'[ \\u0009-\\u000d]+'
  end;
begin
  return regexp_replace(regexp_replace(given collate "C", '^' || blank, ''), blank || '$', '');
end
$$;

comment on function talkme.trim_blanks(text) is
  'A text without the white space around it; Unicode has more of that than btrim knows';

grant execute on function talkme.trim_blanks(text) to public;
