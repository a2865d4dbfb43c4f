create or replace function talkme.may_have_been_sent(id bigint) returns boolean
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select exists (select from talkme.attempt as t where t.outbox_id = id and t.outcome = 'unknown');
end;

comment on function talkme.may_have_been_sent(bigint) is 'Whether a row has an attempt that may have been sent';

revoke execute on function talkme.may_have_been_sent(bigint) from public;
