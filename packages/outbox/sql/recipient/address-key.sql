create or replace function talkme.address_key(email_dest text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  address constant text collate "C" := talkme.trim_blanks(email_dest);
begin
  return case
    when talkme.is_address(address) then lower(address)
    when address <> '' then '?' || left(lower(address), 254)
  end;
end
$$;

comment on function talkme.address_key(text) is
  'An e-mail address in small letters; with a ? before it if nothing can be sent to it; null for none. Its dots, and what follows a +, are part of it';

grant execute on function talkme.address_key(text) to public;
