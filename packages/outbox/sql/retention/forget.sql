create or replace function talkme.forget(numero text, reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
-- Until it ends, answers for its rows wait.
set lock_timeout = '10s'
as $$
declare
  written  constant text collate "C" := numero;
  digits   text collate "C" := regexp_replace(written, '[^0-9]', '', 'g');
  person   text collate "C";
  hash     text;
  also     bigint[];
  numbers  text[];
  ids      bigint[];
  waited   integer;
  on_wire  integer;
  doubted  integer;
  ended    integer;
  attempts integer;
  listed   integer;
begin
  person := case when written ~ '@' then talkme.address_key(written) else talkme.number_key(written) end;
  -- A row may have a number that nothing can be sent to.
  if person is null or person ~ '^[?]'
    and coalesce(length(ltrim(talkme.dialled_digits(written), '+')), 0) not between 8 and 15
  then
    -- Without the value: this message may be logged.
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('forget.unreadable'),
      hint = talkme.say('forget.unreadable.hint');
  end if;
  if strpos(lower(reason collate "C"), person) > 0 or strpos(regexp_replace(reason collate "C", '[^0-9]', '', 'g'), right(nullif(digits, ''), 8)) > 0 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('forget.reason'),
      hint = talkme.say('forget.reason.hint');
  end if;
  hash := talkme.hash_recipient(person);

  -- A message that has both goes by its number.
  if person ~ '@' then
    select array_agg(o.id), array_agg(o.recipient) into also, numbers
    from talkme.outbox as o
    where o.email_dest is not null and talkme.address_key(o.email_dest) = person and o.recipient <> person;
  end if;

  with touched as (
    update talkme.outbox as o set
      -- Spells out what is erased: somebody may have switched off the trigger keep_blank.
      blanked_at  = coalesce(o.blanked_at, now()),
      recipient_hash = hash,
      dedupe_key  = case when o.blanked_at is null then talkme.hash_recipient(o.id || ':' || o.dedupe_key) else o.dedupe_key end,
      numero_dest = null, email_dest = null, txtmsg = null, assunto = null, info_contato = null, metadata = null,
      reference   = null, response = null,
      status      = case o.status when 'pending' then 'cancelled' when 'unknown' then 'failed' else o.status end,
      finished_at = case when o.status in ('pending', 'unknown') then now() else o.finished_at end,
      retry_at    = case when o.status <> 'pending' then o.retry_at end,
      error_code  = case when o.status in ('pending', 'unknown') then 'forgotten' else o.error_code end,
      error       = case o.status
        when 'pending' then 'The recipient was forgotten before the message was sent: nothing is left of it, and it cannot be tried again.'
        when 'unknown' then 'The recipient was forgotten while it was not known whether the message had been sent: it may have been.'
        when 'cancelled' then case when o.error_code = 'forgotten' then o.error end
        when 'failed' then case when o.error_code = 'forgotten' then o.error end
      end
    -- ?: somebody wrote more around the number than can be read.
    where (o.recipient in (person, '?' || person, hash) or o.id = any(also))
      -- A blanked row that was on the wire may have moved on.
      and (o.blanked_at is null or o.status in ('pending', 'unknown') or num_nonnulls(o.reference, o.response) > 0)
    returning o.status, o.error_code, o.finished_at
  )
  select
    count(*) filter (where t.status = 'cancelled' and t.error_code = 'forgotten' and t.finished_at = now()),
    count(*) filter (where t.status = 'failed' and t.error_code = 'forgotten' and t.finished_at = now()),
    count(*) filter (where t.status = 'sending'),
    count(*)
  into waited, doubted, on_wire, ended
  from touched as t;
  ended := ended - waited - doubted - on_wire;

  select array_agg(o.id) into ids from talkme.outbox as o where o.recipient = hash or o.id = any(also);
  update talkme.attempt as t set error = null, reference = null
  where t.outbox_id = any(ids) and (t.error is not null or t.reference is not null);
  get diagnostics attempts = row_count;
  delete from talkme.gap_claim as t where t.recipient = person or t.recipient = any(numbers);
  -- A line that nobody has checked yet names its recipient in any of its cells.
  delete from talkme.list_line as l
  where person = any (string_to_array(l.recipient, ' ')) or l.recipient is null and exists (
    select from unnest(l.cells) as c (cell)
    where person = case when c.cell ~ '@' then talkme.address_key(c.cell) when c.cell ~ '[0-9]{4}' then talkme.number_key(c.cell) end
  );
  get diagnostics listed = row_count;

  perform talkme.record_audit('forget', jsonb_build_object('recipient', hash), waited + doubted + on_wire + ended, reason);
  return case
    when ids is null and listed = 0 then talkme.say('forget.nothing')
    when ids is null then talkme.say('forget.no_message')
    else talkme.say('forget.done', jsonb_build_object(
      'waited', waited, 'on_wire', on_wire, 'doubted', doubted, 'ended', ended, 'attempts', attempts,
      'blanked', cardinality(ids) - waited - on_wire - doubted - ended
    ))
  end || case when listed > 0 then ' ' || talkme.say('forget.lists', jsonb_build_object('lines', listed)) else '' end
  || ' ' || talkme.say(case
    when exists (select from talkme.suppression as s where s.recipient = person) then 'forget.suppressed'
    else 'forget.not_suppressed'
  end);
end
$$;

comment on function talkme.forget(text, text) is
  'Erases what is kept of a recipient, at once: cancels waiting messages, and blanks all. Says what it touched; cannot be undone';

revoke execute on function talkme.forget(text, text) from public;
grant execute on function talkme.forget(text, text) to talkme_operator;
