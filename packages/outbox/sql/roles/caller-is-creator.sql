create or replace function talkme.caller_is_creator(created_by name) returns boolean
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  -- The role may have been dropped since.
  select created_by = talkme.caller() or exists (
    select from pg_roles as r where r.rolname = created_by and pg_has_role(talkme.caller(), r.oid, 'usage')
  );
end;

comment on function talkme.caller_is_creator(name) is 'Whether the caller is the role that inserted a row, or has its privileges';

revoke execute on function talkme.caller_is_creator(name) from public;
