create or replace function talkme.is_blank(given text) returns boolean
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  return given ~ case getdatabaseencoding()
    -- The same ranges as in packages/core/src/message/blank.ts.
    when 'UTF8' then
      E'^[ \\u00a0\\u00ad\\u034f\\u061c\\u115f\\u1160\\u1680\\u17b4\\u17b5\\u180b-\\u180f\\u2000-\\u200f\\u202a-\\u202f\\u205f-\\u206f\\u2800\\u3000\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff]*$'
    else '^ *$'
  end;
end
$$;

comment on function talkme.is_blank(text) is
  'Whether a text shows nothing: it is empty, or made of spaces, zero-width characters and fillers alone';

revoke execute on function talkme.is_blank(text) from public;
