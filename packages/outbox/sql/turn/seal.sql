-- Identifies the recipient, to find out whether it has changed since the claim. Inlined where it is called.
create or replace function talkme.seal(numero_dest text, email_dest text) returns integer
language sql immutable parallel safe
return hashtext(coalesce(numero_dest, '') || '/' || coalesce(email_dest, ''));

comment on function talkme.seal(text, text) is
  'The recipient as a number: an accepted answer marks a row as sent only if the message went to the recipient that the row still has';

revoke execute on function talkme.seal(text, text) from public;
grant execute on function talkme.seal(text, text) to talkme_daemon;
