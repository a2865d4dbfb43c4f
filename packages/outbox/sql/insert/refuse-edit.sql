-- Everybody who updates may call it; so may they what it calls.
create or replace function talkme.refuse_edit(was talkme.outbox, o talkme.outbox) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  in_flight constant boolean := was.status in ('sending', 'unknown', 'sent');
  rule      text;
  phrase    text;
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
    when o.status = 'pending' and o.claim is not null
      or was.status = 'sending' and o.status in ('sent', 'failed') and o.claim > 0
      or in_flight and o.status in ('expired', 'cancelled') and o.claim is not null
      or was.status = 'sent' and o.status = 'sending' then
      rule := 'outbox_claim_settled';
      phrase := 'by_hand';
    when was.status = 'pending' and o.status = 'sending' and changed ~ '_dest|account|id_' then
      rule := 'outbox_recipient_at_claim';
    when in_flight and changed is not null then
      rule := 'outbox_message_unchanged';
    when was.status = 'sent' and o.status <> 'sent' or was.status in ('sending', 'unknown') and o.status <> was.status then
      rule := 'outbox_claim_settled';
      phrase := 'just_made';
    else
      return;
  end case;
  raise exception using
    errcode = 'check_violation', schema = 'talkme', table = 'outbox', constraint = rule,
    message = talkme.say(coalesce(phrase, rule), jsonb_build_object(
      'was_id', was.id, 'was_status', was.status, 'id', o.id, 'status', o.status, 'changed', changed
    )),
    -- Triggers write a status, too: the last sentence is for them.
    hint = concat_ws(
      ' ',
      talkme.say(case
        when was.status = 'sending' then 'edit.sending' when was.status = 'unknown' then 'edit.unknown'
        when was.status = 'sent' then 'edit.sent' else 'edit.other'
      end),
      talkme.say('edit.trigger')
    );
end
$$;

comment on function talkme.refuse_edit(talkme.outbox, talkme.outbox) is
  'Refuses a change of what is on the wire, in doubt or sent, and says which function to call instead; returns if it finds none';

grant execute on function talkme.refuse_edit(talkme.outbox, talkme.outbox) to public;
