-- Inlined where it is called. The same as in packages/outbox/src/account-name.ts. Not by a regular expression, which took a
-- fifth of an insert.
create or replace function talkme.is_account_name(account text) returns boolean
language sql immutable parallel safe
return account = 'default' or (
  translate(account, 'abcdefghijklmnopqrstuvwxyz0123456789_-', '') = '' and length(account) between 1 and 63
  and left(account, 1) not in ('_', '-')
);

comment on function talkme.is_account_name(text) is 'Whether a text can be the name of an account';

-- For CHECK constraints, which run with the rights of whoever writes.
grant execute on function talkme.is_account_name(text) to public;
