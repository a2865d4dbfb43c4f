-- The rules for what a message says by itself, told once: the insert raises the first that is broken, talkme.problems returns all.
-- What each means is in describe_problem. Inlined where it is called: one expression for all rules costs a good row least.
create or replace function talkme.broken_rules(o talkme.outbox) returns text[]
language sql immutable parallel safe
return case
  when (talkme.is_plain_number(o.numero_dest) or o.numero_dest is null and o.email_dest is not null)
    and (o.email_dest is null or talkme.is_address(o.email_dest)) then '{}'
  else talkme.recipient_rules(o.numero_dest, o.email_dest)
end || array_remove(array[
  case when not talkme.is_account_name(o.account) then 'outbox_account_name' end,
  case when o.id_campanha is null and o.id_wpp is null then 'outbox_target_given' end,
  case when not talkme.is_api_number(o.id_campanha) then 'outbox_id_campanha_range' end,
  case when not talkme.is_api_number(o.id_wpp) then 'outbox_id_wpp_range' end,
  case when length(o.txtmsg) > 4096 then 'outbox_txtmsg_length' end,
  case when o.assunto ~ E'[\n\r]' or length(o.assunto) > 255 then 'outbox_assunto_format' end,
  case
    when o.assunto <> '' and o.info_contato is null and talkme.address_key(o.email_dest) is null then 'outbox_assunto_has_method'
  end,
  case when not isfinite(o.send_at) or o.send_at < '2000-01-01 00:00:00+00' then 'outbox_send_at_range' end,
  case when o.expires_at <= o.send_at then 'outbox_expires_after_send_at' end,
  case when length(o.dedupe_key) not between 1 and 255 then 'outbox_dedupe_key_length' end,
  case when o.max_attempts not between 1 and 1000 then 'outbox_max_attempts_range' end,
  case when o.on_unknown not in ('hold', 'resend') then 'outbox_on_unknown_known' end
], null);

comment on function talkme.broken_rules(talkme.outbox) is
  'The rules that a message breaks by itself, by their names; its variables have talkme.info_contato_problems';

revoke execute on function talkme.broken_rules(talkme.outbox) from public;
