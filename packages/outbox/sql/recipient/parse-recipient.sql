create or replace function talkme.parse_recipient(numero text) returns text
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  key constant text collate "C" := case when numero collate "C" ~ '@' then talkme.address_key(numero) else talkme.number_key(numero) end;
begin
  -- What nothing can be sent to is a slip of the pen: it would not match the person who was meant.
  if key is null or key ~ '^[?]' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('recipient.unreadable'),
      hint = talkme.say('recipient.unreadable.hint');
  end if;
  return key;
end
$$;

comment on function talkme.parse_recipient(text) is
  'The recipient that a telephone number or an e-mail address stands for, as in talkme.outbox.recipient; refuses anything else';

revoke execute on function talkme.parse_recipient(text) from public;
