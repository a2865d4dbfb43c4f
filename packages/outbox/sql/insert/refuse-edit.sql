-- Everybody who updates may call it; it calls nothing.
create or replace function talkme.refuse_edit(was talkme.outbox, o talkme.outbox) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  in_flight constant boolean := was.status in ('sending', 'unknown', 'sent');
  -- Triggers write a status, too: the last sentence is for them.
  remedy    constant text := case was.status
    when 'sending' then 'Wait for its answer, a matter of seconds; talkme.explain says what becomes of it.'
    when 'unknown' then 'Look for it in Talk.me, then call talkme.resolve with sent, failed, or resend, which sends it again.'
    when 'sent' then 'What Talk.me has accepted is not sent again: insert a new row. talkme.forget erases a person.'
    else 'talkme.retry makes it pending again.'
  end || ' If this comes from a trigger of yours, leave such rows out of it.';
  rule      text;
  complaint text;
  changed   text;
begin
  select string_agg(b.key, ', ' order by b.key) into changed
  from jsonb_each(to_jsonb(was)) as b
  join jsonb_each(to_jsonb(o)) as n on n.key = b.key and n.value <> b.value
  where b.key in (
    'account', 'id_campanha', 'id_wpp', 'numero_dest', 'email_dest', 'txtmsg', 'assunto', 'info_contato',
    'claimed_by', 'claimed_at', 'fence', 'claim'
  );
  case
    when was.id <> o.id then
      rule := 'outbox_id_stays';
      complaint := format('row %s would become row %s', was.id, o.id);
    when o.status = 'pending' and o.claim is not null
      or was.status = 'sending' and o.status in ('sent', 'failed') and o.claim > 0
      or in_flight and o.status in ('expired', 'cancelled') and o.claim is not null
      or was.status = 'sent' and o.status = 'sending' then
      rule := 'outbox_claim_settled';
      complaint := format('row %s is %s and cannot be made %s by hand', was.id, was.status, o.status);
    when was.status = 'pending' and o.status = 'sending' and changed ~ '_dest|account|id_' then
      rule := 'outbox_recipient_at_claim';
      complaint := format('row %s was to be claimed, and a trigger changed %s', was.id, changed);
    when in_flight and changed is not null then
      rule := 'outbox_message_unchanged';
      complaint := format('row %s is %s: its message and its claim cannot be changed any more (%s)', was.id, was.status, changed);
    when was.status = 'sent' and o.status <> 'sent' or was.status in ('sending', 'unknown') and o.status <> was.status then
      rule := 'outbox_claim_settled';
      complaint := format('row %s is %s: what has just made it so cannot make it %s', was.id, was.status, o.status);
    else
      return;
  end case;
  raise exception using
    errcode = 'check_violation', schema = 'talkme', table = 'outbox', constraint = rule, message = complaint, hint = remedy;
end
$$;

comment on function talkme.refuse_edit(talkme.outbox, talkme.outbox) is
  'Refuses a change of what is on the wire, in doubt or sent, and says which function to call instead; returns if it finds none';

grant execute on function talkme.refuse_edit(talkme.outbox, talkme.outbox) to public;
