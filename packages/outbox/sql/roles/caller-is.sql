-- By name, looked up when needed: a company may drop a role. A membership that inherits nothing counts once the role is set, as
-- everywhere in PostgreSQL.
create or replace function talkme.caller_is(roles name[]) returns boolean
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select exists (
    select from pg_roles as r
    where (
        r.rolname = any (roles)
        or r.oid = (select c.relowner from pg_class as c where c.oid = 'talkme.outbox'::regclass)
      )
      and pg_has_role(talkme.caller(), r.oid, 'usage')
  );
end;

comment on function talkme.caller_is(name[]) is 'Whether the caller has the privileges of one of the roles, or of the owner of talkme.outbox';

revoke execute on function talkme.caller_is(name[]) from public;
