-- One name for a recipient, in whichever spelling the number comes. Suppression, the gap between two messages, the guard against
-- duplicates and the erasure of personal data go by it.
create or replace function talkme.recipient_key(numero_dest text, email_dest text default null) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  return coalesce(talkme.number_key(numero_dest), talkme.address_key(email_dest));
end
$$;

comment on function talkme.recipient_key(text, text) is
  'One name for a recipient, whatever the spelling of the number (with or without 55, +, punctuation or the ninth digit); the e-mail address where there is no number';

grant execute on function talkme.recipient_key(text, text) to public;
