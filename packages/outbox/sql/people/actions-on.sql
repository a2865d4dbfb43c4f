create or replace function talkme.actions_on(id bigint) returns setof talkme.audit
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  select a.*
  from talkme.audit_row as r
  join talkme.audit as a on a.id = r.audit_id
  where r.outbox_id = actions_on.id
  order by a.id;
end;

comment on function talkme.actions_on(bigint) is 'The entries of talkme.audit about a row';

revoke execute on function talkme.actions_on(bigint) from public;
