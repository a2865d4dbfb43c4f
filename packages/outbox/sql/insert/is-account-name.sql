-- Inlined where it is called. The same as in packages/outbox/src/account-name.ts.
create or replace function talkme.is_account_name(account text) returns boolean
language sql immutable parallel safe
return account ~ '^[a-z0-9][a-z0-9_-]{0,62}$';

comment on function talkme.is_account_name(text) is 'Whether a text can be the name of an account';

-- For CHECK constraints, which run with the rights of whoever writes.
grant execute on function talkme.is_account_name(text) to public;
