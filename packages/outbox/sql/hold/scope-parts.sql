create or replace function talkme.scope_parts(scope text) returns text[]
language sql immutable parallel safe
return case
  when scope = 'all' then array['all', null]
  when scope ^@ 'account:' and talkme.is_account_name(substr(scope, 9)) then array['account', substr(scope, 9)]
  else regexp_match(scope, '^(campaign|channel|batch):([1-9][0-9]{0,15})$')
end;

comment on function talkme.scope_parts(text) is
  'Kind and name of a scope: all, account:NAME, campaign:ID, channel:ID or batch:ID; null for anything else';

-- For the CHECK constraint of talkme.paused, which runs with the rights of whoever writes.
grant execute on function talkme.scope_parts(text) to public;
