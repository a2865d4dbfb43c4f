-- Refuses at the insert what can be refused there, with a message for the person who wrote the insert.
-- A trigger instead of CHECK constraints: a CHECK is evaluated again at every claim and every settle, and its
-- message cannot name the offending variable. Each error still carries a constraint's name (\errverbose shows it).
create or replace function talkme.check_outbox() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  -- The first rule that the row breaks. Nearly all break none: one expression finds that out in half the time of one for each rule.
  broken    text := case
    when tg_op = 'INSERT' and new.status <> 'pending'
      then 'outbox_status_at_insert'
    when tg_op = 'INSERT' and (
      new.attempts <> 0 or new.fence <> 0
      or num_nonnulls(
        new.retry_at, new.claimed_by, new.claimed_at, new.finished_at, new.http_status, new.reference, new.response,
        new.error_code, new.error
      ) > 0
    )
      then 'outbox_daemon_columns_at_insert'
    when not talkme.is_account_name(new.account)
      then 'outbox_account_name'
    when nullif(new.numero_dest, '') is null and nullif(new.email_dest, '') is null
      then 'outbox_recipient_given'
    when new.numero_dest !~ '^[1-9][0-9]{9,10}$' and new.numero_dest <> ''
      and coalesce(length(ltrim(talkme.dialled_digits(new.numero_dest), '+')), 0) not between 8 and 15
      then 'outbox_numero_dest_format'
    when not talkme.is_address(new.email_dest) and new.email_dest <> ''
      then 'outbox_email_dest_format'
    when new.id_campanha is null and new.id_wpp is null
      then 'outbox_target_given'
    when not talkme.is_api_number(new.id_campanha)
      then 'outbox_id_campanha_range'
    when not talkme.is_api_number(new.id_wpp)
      then 'outbox_id_wpp_range'
    when length(new.txtmsg) > 4096
      then 'outbox_txtmsg_length'
    when new.assunto ~ E'[\n\r]' or length(new.assunto) > 255
      then 'outbox_assunto_format'
    when new.assunto is not null and new.email_dest is null and new.info_contato is null
      then 'outbox_assunto_has_method'
    when not isfinite(new.send_at) or new.send_at < '2000-01-01'
      then 'outbox_send_at_range'
    when new.expires_at <= new.send_at
      then 'outbox_expires_after_send_at'
    when length(new.dedupe_key) not between 1 and 255
      then 'outbox_dedupe_key_length'
    when new.max_attempts not between 1 and 1000
      then 'outbox_max_attempts_range'
    when new.on_unknown not in ('hold', 'resend')
      then 'outbox_on_unknown_known'
  end;
  complaint text;
  remedy    text;
begin
  if broken is null then
    if new.info_contato is not null then
      new.info_contato := talkme.check_info_contato(new.info_contato);
    end if;
    return new;
  end if;

  case broken
    when 'outbox_status_at_insert' then
      complaint := format('a new row cannot have the status %L', new.status);
      remedy := 'Leave status out: the row starts as pending, and syncd writes what becomes of it.';
    when 'outbox_daemon_columns_at_insert' then
      complaint := 'a new row gives values to columns that syncd writes';
      remedy := 'Leave out attempts, fence, retry_at, claimed_by, claimed_at, finished_at, http_status, reference, response, error_code and error.';
    when 'outbox_account_name' then
      complaint := format('%L cannot be the name of an account', new.account);
      remedy := 'A name has up to 63 small letters, digits, - and _. Leave account out for the account ''default''.';
    when 'outbox_recipient_given' then
      complaint := 'the message has no recipient';
      remedy := 'Give numero_dest (WhatsApp), email_dest (e-mail), or both.';
    when 'outbox_numero_dest_format' then
      complaint := 'numero_dest is not a telephone number';
      remedy := 'Write DDD and number, such as 11988887777; for another country + and the full number. Spaces, dots, hyphens and parentheses may stand between groups of 8 to 15 digits, and nothing else: no extension, and no decimal, as spreadsheets add.';
    when 'outbox_email_dest_format' then
      complaint := 'email_dest is not an e-mail address';
      remedy := 'Write one address in ASCII, such as fulano@example.com, without a name and without spaces; a domain of other letters in its form xn--.';
    when 'outbox_target_given' then
      complaint := 'the message has neither a campaign nor a channel';
      remedy := 'Give id_campanha (as Talk.me shows it for the campaign), id_wpp (for the channel), or both.';
    when 'outbox_id_campanha_range' then
      complaint := format('id_campanha cannot be %s', new.id_campanha);
      remedy := 'Write the number that Talk.me shows for the campaign.';
    when 'outbox_id_wpp_range' then
      complaint := format('id_wpp cannot be %s', new.id_wpp);
      remedy := 'Write the number that Talk.me shows for the channel.';
    when 'outbox_txtmsg_length' then
      complaint := format('txtmsg has %s characters', length(new.txtmsg));
      remedy := 'WhatsApp takes 4096.';
    when 'outbox_assunto_format' then
      complaint := 'assunto has a line break or more than 255 characters';
      remedy := 'Write the subject in one line.';
    when 'outbox_assunto_has_method' then
      complaint := 'assunto is given, but neither email_dest nor info_contato';
      remedy := 'Only the method with variables carries a subject: give email_dest or info_contato too, or leave assunto out.';
    when 'outbox_send_at_range' then
      complaint := format('send_at cannot be %s', new.send_at);
      remedy := 'Write a time from the year 2000 on, or leave it out to send at once.';
    when 'outbox_expires_after_send_at' then
      complaint := 'the message would expire before it may be sent';
      remedy := 'expires_at has to be later than send_at (by default, now).';
    when 'outbox_dedupe_key_length' then
      complaint := 'dedupe_key is empty or longer than 255 characters';
      remedy := 'Use a short key of your own, such as ''order 42 shipped'', or null for none.';
    when 'outbox_max_attempts_range' then
      complaint := format('max_attempts cannot be %s', new.max_attempts);
      remedy := 'Write a number from 1 to 1000, or leave it out for the daemon''s setting.';
    when 'outbox_on_unknown_known' then
      complaint := format('on_unknown cannot be %L', new.on_unknown);
      remedy := 'Write hold (a person decides) or resend (which may message a person twice), or leave it out for the daemon''s setting.';
  end case;
  perform talkme.outbox_refuse(broken, complaint, remedy);
  return null;
end
$$;


comment on function talkme.check_outbox() is 'Refuses rows that could never be sent, with a message that says why and what to do';

revoke execute on function talkme.check_outbox() from public;

-- A blanked row has no recipient to check.
create or replace trigger check_outbox
  before insert or update of
    account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato, send_at, expires_at,
    dedupe_key, max_attempts, on_unknown
  on talkme.outbox
  for each row when (new.blanked_at is null) execute function talkme.check_outbox();
