-- A row is blanked by giving it blanked_at. This trigger, not those who write the row, sees to it that the row keeps nothing and
-- takes nothing from then on: an answer may come for a row that was blanked while its message was on the wire.
create or replace function talkme.keep_blank() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    perform talkme.outbox_refuse(
      'outbox_blanked_at_insert', talkme.say('outbox_blanked_at_insert'), talkme.say('outbox_blanked_at_insert.hint')
    );
  end if;
  if old.blanked_at is null then
    new.recipient_hash := talkme.hash_recipient(old.recipient);
    -- With the row's id in it: the same key may be used again afterwards.
    new.dedupe_key := talkme.hash_recipient(new.id || ':' || old.dedupe_key);
  end if;
  new.numero_dest := null;
  new.email_dest := null;
  new.txtmsg := null;
  new.assunto := null;
  new.info_contato := null;
  new.metadata := null;
  new.reference := null;
  new.response := null;
  -- Nobody could look it up in Talk.me, or send it again.
  if new.status = 'unknown' then
    new.status := 'failed';
    new.finished_at := now();
    new.error_code := 'forgotten';
    new.error := 'The recipient was forgotten while it was not known whether the message had been sent: it may have been.';
  end if;
  -- Its claim counts as settled: nothing is kept of a later answer.
  if new.claim > 0 and new.status <> 'sending' then
    new.claim := -new.claim;
  end if;
  -- The error may quote the answer; that of a forgotten row is a sentence of our own.
  if new.error_code is distinct from 'forgotten' then
    new.error := null;
  end if;
  return new;
end
$$;

comment on function talkme.keep_blank() is 'Removes the personal data of a row that has blanked_at, whatever is written to it';

revoke execute on function talkme.keep_blank() from public;

create or replace trigger keep_blank
  before insert or update on talkme.outbox
  for each row when (new.blanked_at is not null) execute function talkme.keep_blank();
