create or replace function talkme.parse_scope(scope text) returns text[]
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  parts text[] := regexp_match(
    scope, '^(?:(all)|(account):([a-z0-9][a-z0-9_-]{0,62})|(campaign|channel):([1-9][0-9]{0,15}))$'
  );
begin
  if parts is null then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('%L is no scope', scope),
      hint = 'Give ''all'', ''account:NAME'', ''campaign:ID'' or ''channel:ID''.';
  end if;
  return array[coalesce(parts[1], parts[2], parts[4]), coalesce(parts[3], parts[5])];
end
$$;

comment on function talkme.parse_scope(text) is 'The kind and the name of a scope: all, account:NAME, campaign:ID or channel:ID';

revoke execute on function talkme.parse_scope(text) from public;
