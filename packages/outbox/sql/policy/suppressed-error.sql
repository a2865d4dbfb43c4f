create or replace function talkme.suppressed_error() returns text
language sql immutable parallel safe
return 'The recipient is suppressed (talkme.suppression) and gets nothing.';

comment on function talkme.suppressed_error() is 'The error of a row that was cancelled because its recipient is suppressed';

revoke execute on function talkme.suppressed_error() from public;
