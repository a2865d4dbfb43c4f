create or replace function talkme.record_actions(action text, filter jsonb, matched talkme.match[], reason text) returns void
language sql
set search_path = pg_catalog, pg_temp
begin atomic
  select talkme.record_action(
    action, filter, array(select f.id from unnest(matched) as f where f.obstacle is null), reason
  );
end;

comment on function talkme.record_actions(text, jsonb, talkme.match[], text) is
  'Writes the entry of talkme.audit for an action on the rows that a filter matched';

revoke execute on function talkme.record_actions(text, jsonb, talkme.match[], text) from public;
