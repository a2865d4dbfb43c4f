create or replace function talkme.held_error() returns text
language sql immutable parallel safe
return 'A person holds it: it waits for talkme.resume_where, and talkme.cancel drops it.';

comment on function talkme.held_error() is 'The error of a row that talkme.pause_where holds';

revoke execute on function talkme.held_error() from public;
