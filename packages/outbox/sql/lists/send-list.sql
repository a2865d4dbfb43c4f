-- All lines without a problem, or none: one transaction, one batch. The count is the one that the person saw.
create or replace function talkme.send_list(list_id bigint, confirmed_rows bigint, batch_name text default null, again boolean default false)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  mine   talkme.list := talkme.own_list(list_id);
  before record;
  ready  bigint;
  batch  bigint;
begin
  -- The same file twice at the same moment: the second waits for the first, and finds it. The rows' locks are for a transaction with
  -- an older snapshot, which gets 40001.
  perform pg_advisory_xact_lock(hashtext('talkme.send_list'), hashtext(mine.content_hash));
  mine := talkme.unsent_list(list_id);
  perform from talkme.list as l where l.content_hash = mine.content_hash and l.batch_id is null order by l.id for no key update;

  -- The grant may have been taken back since.
  perform talkme.refuse_campaign((mine.message ->> 'id_campanha')::bigint);
  if mine.checked_at is null then
    perform talkme.refuse_as('list_checked', jsonb_build_object('id', mine.id));
  end if;
  select count(*) into ready
  from talkme.list_line as l
  where l.list_id = mine.id and l.codes = '{}' and not l.left_out;
  if ready is distinct from confirmed_rows or ready = 0 then
    perform talkme.refuse_as('list_rows_confirmed', jsonb_build_object('ready', ready, 'confirmed', confirmed_rows));
  end if;
  select l.batch_id, l.created_at, l.created_by into before
  from talkme.list as l
  where l.content_hash = mine.content_hash and l.batch_id is not null and l.message -> 'id_campanha' is not distinct from mine.message -> 'id_campanha'
  order by l.id desc
  limit 1;
  if found and not again then
    perform talkme.refuse_as(
      'list_sent_before', jsonb_build_object('batch', before.batch_id, 'since', before.created_at, 'by', before.created_by)
    );
  end if;

  insert into talkme.batch (name, expected_rows) values (coalesce(batch_name, mine.name), ready) returning id into batch;
  insert into talkme.outbox (
    account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato, dedupe_key, send_at, expires_at, metadata,
    batch_id
  )
  select
    m.account, m.id_campanha, m.id_wpp, m.numero_dest, m.email_dest, m.txtmsg, m.assunto, m.info_contato, m.dedupe_key,
    coalesce(m.send_at, now()), m.expires_at, jsonb_build_object('list', mine.id, 'line', m.line), batch
  from talkme.list_messages(mine) as m
  where m.codes = '{}' and not m.left_out
  order by m.line;
  update talkme.list as l set batch_id = batch where l.id = mine.id;
  perform talkme.record_audit(
    'send_list', jsonb_build_object('list', mine.id, 'batch', batch, 'id_campanha', mine.message -> 'id_campanha'), ready, null
  );
  return batch;
end
$$;

comment on function talkme.send_list(bigint, bigint, text, boolean) is
  'Puts the lines of a checked list that have no problem into the outbox, as one batch, and returns its number. Refused if they are not as many as confirmed, or if the same file was sent to the campaign before, unless again is true';

revoke execute on function talkme.send_list(bigint, bigint, text, boolean) from public;
grant execute on function talkme.send_list(bigint, bigint, text, boolean) to talkme_operator, talkme_producer, talkme_marketing;
