-- Without a named standby, or without walsenders, a commit with synchronous_commit = on waits for nobody and says nothing of it.
create or replace function talkme.can_claim(durability text) returns boolean
language sql stable parallel safe
return case when durability = 'standby' then
  current_setting('synchronous_standby_names') <> '' and current_setting('max_wal_senders')::integer > 0
else true end;

comment on function talkme.can_claim(text) is
  'Whether an instance of this durability may claim: with standby, only while commits wait for a synchronous standby';

revoke execute on function talkme.can_claim(text) from public;
grant execute on function talkme.can_claim(text) to talkme_daemon;
