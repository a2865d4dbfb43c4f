-- Asked only for what is not written in the plainest way: see broken_rules. What no key can be made of cannot be sent.
create or replace function talkme.recipient_rules(numero_dest text, email_dest text) returns text[]
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  number   constant text collate "C" := talkme.number_key(numero_dest);
  address  constant text collate "C" := talkme.address_key(email_dest);
  dialled  text collate "C";
  national text collate "C";
  why      text;
begin
  if number ^@ '?' then
    dialled := talkme.dialled_digits(numero_dest);
    national := talkme.national_digits(dialled);
    why := case
      when coalesce(length(national) not in (10, 11), true) then case
        when coalesce(length(ltrim(dialled, '+')), 0) not between 8 and 15 then 'outbox_numero_dest_format'
        when national is null then 'outbox_numero_dest_exists'
        else 'outbox_numero_dest_length'
      end
      when not talkme.is_plain_number(left(national, 2) || '988887777') then 'outbox_numero_dest_ddd'
      else 'outbox_numero_dest_exists'
    end;
  end if;
  return array_remove(array[
    case when number is null and address is null then 'outbox_recipient_given' end,
    why,
    case when address ^@ '?' then 'outbox_email_dest_format' end
  ], null);
end
$$;

comment on function talkme.recipient_rules(text, text) is 'The rules that the recipient of a message breaks';

revoke execute on function talkme.recipient_rules(text, text) from public;
