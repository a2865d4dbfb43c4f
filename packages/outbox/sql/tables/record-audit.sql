create or replace function talkme.record_audit(action text, about jsonb, rows bigint, reason text) returns void
language sql
set search_path = pg_catalog, pg_temp
begin atomic
  insert into talkme.audit (action, about, rows, reason) values (action, about, rows, talkme.hide_numbers(reason));
end;

comment on function talkme.record_audit(text, jsonb, bigint, text) is 'Writes an entry of talkme.audit in the name of the caller';

revoke execute on function talkme.record_audit(text, jsonb, bigint, text) from public;
