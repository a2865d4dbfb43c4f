-- PostgreSQL quotes the value that it could not read, which may be personal data.
create or replace function talkme.without_values(message text) returns text
language sql immutable parallel safe
return pg_catalog.regexp_replace(
  talkme.hide_numbers(pg_catalog.regexp_replace(message, '(: )".*"', E'\\1"..."', 'g')), '[(](number|address)[)]', '...', 'g'
);

comment on function talkme.without_values(text) is
  'An error''s message without what may be personal data: quoted input, addresses, long numbers';

revoke execute on function talkme.without_values(text) from public;
grant execute on function talkme.without_values(text) to talkme_producer;
