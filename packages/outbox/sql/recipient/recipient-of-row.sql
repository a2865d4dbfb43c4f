-- The value of talkme.outbox.recipient. A table with BEFORE UPDATE triggers computes its generated columns at every update, and
-- reads their expressions anew for each statement: as a function this one is short to read. Its first condition is for what nearly
-- every row has; three cheap tests take half as long as one pattern that says the same.
--
-- It sets no search_path, which would take longer than all the rest: every name is PostgreSQL's, with its schema.
create or replace function talkme.recipient_of_row(numero_dest text, email_dest text, recipient_hash text) returns text
language plpgsql immutable parallel safe
as $$
begin
  return case
    when numero_dest operator(pg_catalog.~~) '__9________' and numero_dest operator(pg_catalog.~) '^[0-9]+$'
      and numero_dest operator(pg_catalog.~) '^(1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9])'
      then '55'::pg_catalog.text operator(pg_catalog.||) numero_dest
    else coalesce(recipient_hash, talkme.recipient_key(numero_dest, email_dest))
  end;
end
$$;

comment on function talkme.recipient_of_row(text, text, text) is
  'One name for the recipient of a row, as talkme.recipient_key; the hash once the row is blanked';

-- Whoever writes a row makes its generated column.
grant execute on function talkme.recipient_of_row(text, text, text) to public;
