-- Inlined where it is called. JavaScript, and so the client, holds these numbers without rounding.
create or replace function talkme.is_api_number(given bigint) returns boolean
language sql immutable parallel safe
return given between 1 and 9007199254740991;

comment on function talkme.is_api_number(bigint) is 'Whether a number can be that of a campaign or channel';

-- For the CHECK constraint of talkme.campaign, which runs with the rights of whoever writes.
grant execute on function talkme.is_api_number(bigint) to public;
