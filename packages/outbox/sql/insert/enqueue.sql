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
  on_duplicate_key text        default 'refuse',
  batch_id         bigint      default null
) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  id            bigint;
  problem       talkme.problem;
  -- What does not fit into the column is as wrong as its limit.
  most_attempts constant smallint :=
    case when enqueue.max_attempts is not null then greatest(least(enqueue.max_attempts, 32767), -32768) end;
begin
  for problem in select * from talkme.enqueue_problems(priority, on_duplicate_key) loop
    raise exception using
      errcode = 'invalid_parameter_value', schema = 'talkme', table = 'outbox',
      constraint = problem.code, message = problem.complaint, hint = problem.remedy;
  end loop;
  -- ON CONFLICT names no constraint: that would need the privilege to read its columns.
  if on_duplicate_key = 'skip' then
    insert into talkme.outbox as o (
      account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato,
      priority, send_at, expires_at, dedupe_key, max_attempts, on_unknown, metadata, batch_id
    ) values (
      coalesce(enqueue.account, 'default'), enqueue.id_campanha, enqueue.id_wpp, enqueue.numero_dest, enqueue.email_dest,
      enqueue.txtmsg, enqueue.assunto, enqueue.info_contato, coalesce(enqueue.priority, 0), coalesce(enqueue.send_at, now()),
      enqueue.expires_at, enqueue.dedupe_key, most_attempts, enqueue.on_unknown, enqueue.metadata, enqueue.batch_id
    )
    on conflict do nothing
    returning o.id into id;
  else
    insert into talkme.outbox as o (
      account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato,
      priority, send_at, expires_at, dedupe_key, max_attempts, on_unknown, metadata, batch_id
    ) values (
      coalesce(enqueue.account, 'default'), enqueue.id_campanha, enqueue.id_wpp, enqueue.numero_dest, enqueue.email_dest,
      enqueue.txtmsg, enqueue.assunto, enqueue.info_contato, coalesce(enqueue.priority, 0), coalesce(enqueue.send_at, now()),
      enqueue.expires_at, enqueue.dedupe_key, most_attempts, enqueue.on_unknown, enqueue.metadata, enqueue.batch_id
    )
    returning o.id into id;
  end if;
  return id;
end
$$;

comment on function talkme.enqueue(
  text, bigint, jsonb, bigint, text, text, text, text, integer, timestamptz, timestamptz, text, integer, text, jsonb, text, bigint
) is
  'Inserts a message and returns its id; arguments as the columns of talkme.outbox, null for a column''s default. on_duplicate_key => ''skip'' returns null if the dedupe_key exists';

revoke execute on function talkme.enqueue(text, bigint, jsonb, bigint, text, text, text, text, integer, timestamp with time zone, timestamp with time zone, text, integer, text, jsonb, text, bigint) from public;
grant execute on function talkme.enqueue(text, bigint, jsonb, bigint, text, text, text, text, integer, timestamp with time zone, timestamp with time zone, text, integer, text, jsonb, text, bigint) to talkme_producer;
