-- What the actions on many rows write; their rows are locked, and may be changed.
create or replace function talkme.perform_action(action text, ids bigint[], how jsonb) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  case action
    when 'cancel' then
      update talkme.outbox as o
      set status = 'cancelled', finished_at = now()
      where o.status = 'pending' and o.id = any (ids);
    when 'retry' then
      perform talkme.bring_back(ids, (how ->> 'expires_at')::timestamptz);
    when 'resolve' then
      perform talkme.decide(ids, how ->> 'as');
    when 'pause' then
      update talkme.outbox as o
      set retry_at = talkme.held_until(), error_code = 'held', error = talkme.held_error()
      where o.status = 'pending' and o.id = any (ids);
    when 'resume' then
      update talkme.outbox as o
      set retry_at = null, error_code = null, error = null
      where o.status = 'pending' and o.id = any (ids);
    when 'correct' then
      update talkme.outbox as o
      set account = n.account, id_campanha = n.id_campanha, id_wpp = n.id_wpp, numero_dest = n.numero_dest, email_dest = n.email_dest,
        txtmsg = n.txtmsg, assunto = n.assunto, info_contato = n.info_contato, priority = n.priority, send_at = n.send_at,
        expires_at = n.expires_at, dedupe_key = n.dedupe_key, max_attempts = n.max_attempts, on_unknown = n.on_unknown,
        metadata = n.metadata,
        -- A window or a gap is judged again: the recipient or the campaign may be another.
        retry_at   = case when put_off then null else o.retry_at end,
        error_code = case when put_off then null else o.error_code end,
        error      = case when put_off then null else o.error end
      from talkme.outbox as r
      cross join lateral talkme.corrected(r, how -> 'changes') as n
      cross join lateral (select r.status = 'pending' and coalesce(r.error_code in ('outside_window', 'recipient_gap'), false)) as f (put_off)
      where o.id = any (ids) and r.id = any (ids) and o.id = r.id;
  end case;
end
$$;

comment on function talkme.perform_action(text, bigint[], jsonb) is
  'Cancels, retries, resolves, pauses, resumes or corrects rows by their ids';

revoke execute on function talkme.perform_action(text, bigint[], jsonb) from public;
