create or replace function talkme.batch_paused_error() returns text
language sql immutable parallel safe
return 'Its batch is paused (talkme.paused): it waits for talkme.resume.';

comment on function talkme.batch_paused_error() is 'The error of a row whose batch is paused';

revoke execute on function talkme.batch_paused_error() from public;
