create or replace function talkme.record_action(action text, about jsonb, ids bigint[], reason text) returns void
language sql
set search_path = pg_catalog, pg_temp
begin atomic
  with entry as (
    insert into talkme.audit (action, about, rows, reason) values (action, about, cardinality(ids), talkme.hide_numbers(reason)) returning id
  )
  insert into talkme.audit_row (outbox_id, audit_id) select unnest(ids), entry.id from entry;
end;

comment on function talkme.record_action(text, jsonb, bigint[], text) is
  'Writes an entry of talkme.audit in the name of the caller, and the rows that it is about';

revoke execute on function talkme.record_action(text, jsonb, bigint[], text) from public;
