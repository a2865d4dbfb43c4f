create or replace function talkme.parse_scope(scope text) returns text[]
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  parts constant text[] := talkme.scope_parts(scope);
begin
  if parts is null then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('scope.valid', jsonb_build_object('scope', scope)),
      hint = talkme.say('scope.valid.hint');
  end if;
  return parts;
end
$$;

comment on function talkme.parse_scope(text) is 'As talkme.scope_parts, but raises a readable error for what is not a scope';

revoke execute on function talkme.parse_scope(text) from public;
