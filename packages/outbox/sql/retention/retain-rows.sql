-- Blanks or deletes the given rows, which the transaction has already locked.
create or replace function talkme.retain_rows(action text, ids bigint[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  with_attempts bigint[] := ids;
begin
  if action = 'blank' then
    -- As the trigger keep_blank does, which somebody may have switched off.
    update talkme.outbox as o set
      blanked_at = now(), error = null, recipient_hash = talkme.hash_recipient(o.recipient),
      dedupe_key = talkme.hash_recipient(o.id || ':' || o.dedupe_key), numero_dest = null, email_dest = null, txtmsg = null,
      assunto = null, info_contato = null, metadata = null, reference = null, response = null
    where o.id = any(ids);
    update talkme.attempt as t set error = null, reference = null
    where t.outbox_id = any(ids) and (t.error is not null or t.reference is not null);
    return;
  end if;
  -- The attempts of a blanked row hold no personal data any more: where partitions are dropped, they can wait for that.
  if talkme.attempts_kept_for() is not null then
    select array_agg(o.id) into with_attempts from talkme.outbox as o where o.id = any(ids) and o.blanked_at is null;
  end if;
  delete from talkme.attempt as t where t.outbox_id = any(with_attempts);
  delete from talkme.outbox as o where o.id = any(ids);
end
$$;

comment on function talkme.retain_rows(text, bigint[]) is 'Blanks or deletes rows that have ended, and their attempts';

revoke execute on function talkme.retain_rows(text, bigint[]) from public;
