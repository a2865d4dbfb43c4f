create or replace function talkme.recipient_of(numero_dest text, email_dest text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  number  constant text := talkme.number_key(numero_dest);
  address constant text := talkme.address_key(email_dest);
begin
  return coalesce(number || ' ' || address, number, address);
end
$$;

comment on function talkme.recipient_of(text, text) is
  'Whom a message goes to: number and address, separated by a space if it has both; as recipientOf of @talkme/core';

revoke execute on function talkme.recipient_of(text, text) from public;
grant execute on function talkme.recipient_of(text, text) to talkme_daemon, talkme_operator, talkme_viewer;
