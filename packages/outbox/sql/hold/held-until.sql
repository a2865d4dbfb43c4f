-- A held row is pending, with a retry_at that never comes.
create or replace function talkme.held_until() returns timestamptz
language sql immutable parallel safe
return timestamptz '9999-01-01 00:00:00+00';

comment on function talkme.held_until() is 'The retry_at of a pending row that waits for talkme.resume';

revoke execute on function talkme.held_until() from public;
grant execute on function talkme.held_until() to talkme_daemon, talkme_operator, talkme_viewer;
