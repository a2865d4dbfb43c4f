-- Inlined where it is called. One expression accepts what breaks none of the rules of info_contato_problems, as nearly all rows do:
-- their loops take a quarter of an insert. In JSON text, every control character of ASCII but DEL stands behind a backslash.
create or replace function talkme.is_plain_info_contato(info jsonb) returns boolean
language sql stable parallel safe
return jsonb_typeof(info) = 'object' and info - talkme.known_variables() = '{}'
  and not info @? 'strict $.* ? (@.type() != "string")'
  and length(info::text) <= 1024
  and info::text !~ (case getdatabaseencoding()
    when 'UTF8' then E'[\\\\\\u007f-\\u009f\\u2028\\u2029]|     ' else E'[\\\\\\u007f]|     '
  end);

comment on function talkme.is_plain_info_contato(jsonb) is
  'Whether variables are plainly right; others may be right, too';

revoke execute on function talkme.is_plain_info_contato(jsonb) from public;
