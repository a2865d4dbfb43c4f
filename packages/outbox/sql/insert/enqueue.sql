create or replace function talkme.enqueue(
  numero_dest      text        default null,
  id_campanha      bigint      default null,
  info_contato     jsonb       default null,
  id_wpp           bigint      default null,
  email_dest       text        default null,
  txtmsg           text        default null,
  assunto          text        default null,
  account          text        default null,
  priority         integer     default null,
  send_at          timestamptz default null,
  expires_at       timestamptz default null,
  dedupe_key       text        default null,
  max_attempts     integer     default null,
  on_unknown       text        default null,
  metadata         jsonb       default null,
  on_duplicate_key text        default 'refuse'
) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  id bigint;
begin
  if on_duplicate_key is distinct from 'refuse' and on_duplicate_key is distinct from 'skip' then
    raise exception using
      errcode = 'invalid_parameter_value', schema = 'talkme', table = 'outbox',
      constraint = 'outbox_on_duplicate_key_known',
      message = format('on_duplicate_key cannot be %s', coalesce(quote_literal(on_duplicate_key), 'null')),
      hint = 'Write refuse (a dedupe_key that exists fails the call) or skip (the call returns null), or leave it out for refuse.';
  end if;
  -- ON CONFLICT names no constraint: that would need the privilege to read its columns.
  if on_duplicate_key = 'skip' then
    insert into talkme.outbox as o (
      account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato,
      priority, send_at, expires_at, dedupe_key, max_attempts, on_unknown, metadata
    ) values (
      coalesce(enqueue.account, 'default'), enqueue.id_campanha, enqueue.id_wpp, enqueue.numero_dest, enqueue.email_dest,
      enqueue.txtmsg, enqueue.assunto, enqueue.info_contato, coalesce(enqueue.priority, 0), coalesce(enqueue.send_at, now()),
      enqueue.expires_at, enqueue.dedupe_key, enqueue.max_attempts, enqueue.on_unknown, enqueue.metadata
    )
    on conflict do nothing
    returning o.id into id;
  else
    insert into talkme.outbox as o (
      account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato,
      priority, send_at, expires_at, dedupe_key, max_attempts, on_unknown, metadata
    ) values (
      coalesce(enqueue.account, 'default'), enqueue.id_campanha, enqueue.id_wpp, enqueue.numero_dest, enqueue.email_dest,
      enqueue.txtmsg, enqueue.assunto, enqueue.info_contato, coalesce(enqueue.priority, 0), coalesce(enqueue.send_at, now()),
      enqueue.expires_at, enqueue.dedupe_key, enqueue.max_attempts, enqueue.on_unknown, enqueue.metadata
    )
    returning o.id into id;
  end if;
  return id;
end
$$;

comment on function talkme.enqueue(
  text, bigint, jsonb, bigint, text, text, text, text, integer, timestamptz, timestamptz, text, integer, text, jsonb, text
) is
  'Inserts a message and returns its id; arguments as the columns of talkme.outbox, null for a column''s default. on_duplicate_key => ''skip'' returns null if the dedupe_key exists';

revoke execute on function talkme.enqueue(text, bigint, jsonb, bigint, text, text, text, text, integer, timestamp with time zone, timestamp with time zone, text, integer, text, jsonb, text) from public;
grant execute on function talkme.enqueue(text, bigint, jsonb, bigint, text, text, text, text, integer, timestamp with time zone, timestamp with time zone, text, integer, text, jsonb, text) to talkme_producer;
