create or replace function talkme.describe_problem(rule text, o talkme.outbox) returns talkme.problem
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  field     text;
  complaint text;
  remedy    text;
  dialled   text;
begin
  case rule
    when 'outbox_status_at_insert' then
      field := 'status';
      complaint := format('a new row cannot have the status %L', o.status);
      remedy := 'Leave status out: the row starts as pending, and syncd writes what becomes of it.';
    when 'outbox_daemon_columns_at_insert' then
      field := 'status';
      complaint := 'a new row gives values to columns that syncd writes';
      remedy := 'Leave out attempts, fence, retry_at, claimed_by, claimed_at, finished_at, http_status, reference, response, error_code and error.';
    when 'outbox_account_name' then
      field := 'account';
      complaint := format('%L cannot be the name of an account', o.account);
      remedy := 'A name has up to 63 small letters, digits, - and _. Leave account out for the account ''default''.';
    when 'outbox_recipient_given' then
      field := 'numero_dest';
      complaint := 'the message has no recipient';
      remedy := 'Give numero_dest (WhatsApp), email_dest (e-mail), or both.';
    when 'outbox_numero_dest_format' then
      field := 'numero_dest';
      complaint := 'numero_dest is not a telephone number';
      remedy := 'Write DDD and number, such as 11988887777; for another country + and the full number. Spaces, dots, hyphens and parentheses may stand between groups of 8 to 15 digits, and nothing else: no extension, and no decimal, as spreadsheets add.';
    when 'outbox_numero_dest_length' then
      field := 'numero_dest';
      dialled := talkme.national_digits(talkme.dialled_digits(o.numero_dest));
      complaint := format('numero_dest has %s digits, where DDD and number have 10 or 11', length(dialled));
      remedy := 'Write the DDD, two digits, and the number of 8 or 9 digits; a number of another country begins with +.';
    when 'outbox_numero_dest_ddd' then
      field := 'numero_dest';
      dialled := talkme.national_digits(talkme.dialled_digits(o.numero_dest));
      complaint := format('numero_dest begins with the DDD %s, which does not exist', left(dialled, 2));
      remedy := 'Correct the DDD; a number of another country begins with + and its country code.';
    when 'outbox_numero_dest_exists' then
      field := 'numero_dest';
      dialled := talkme.national_digits(talkme.dialled_digits(o.numero_dest));
      complaint := 'numero_dest cannot exist: ' || case
        when dialled is null then 'its country has no such number'
        when length(dialled) = 11 then 'a number of 9 digits is a mobile one, and begins with 9'
        when substr(dialled, 3, 1) in ('0', '1') then 'a number of 8 digits does not begin with 0 or 1'
        else 'its groups show that a digit is missing'
      end;
      remedy := 'Correct the number: a digit too many, too few or swapped is the usual cause.';
    when 'outbox_email_dest_format' then
      field := 'email_dest';
      complaint := 'email_dest is not an e-mail address';
      remedy := 'Write one address in ASCII, such as fulano@example.com, without a name and without spaces; a domain of other letters in its form xn--.';
    when 'outbox_target_given' then
      field := 'id_campanha';
      complaint := 'the message has neither a campaign nor a channel';
      remedy := 'Give id_campanha (as Talk.me shows it for the campaign), id_wpp (for the channel), or both.';
    when 'outbox_id_campanha_range' then
      field := 'id_campanha';
      complaint := format('id_campanha cannot be %s', o.id_campanha);
      remedy := 'Write the number that Talk.me shows for the campaign.';
    when 'outbox_id_wpp_range' then
      field := 'id_wpp';
      complaint := format('id_wpp cannot be %s', o.id_wpp);
      remedy := 'Write the number that Talk.me shows for the channel.';
    when 'outbox_txtmsg_length' then
      field := 'txtmsg';
      complaint := format('txtmsg has %s characters', length(o.txtmsg));
      remedy := 'WhatsApp takes 4096.';
    when 'outbox_assunto_format' then
      field := 'assunto';
      complaint := 'assunto has a line break or more than 255 characters';
      remedy := 'Write the subject in one line.';
    when 'outbox_assunto_has_method' then
      field := 'assunto';
      complaint := 'assunto is given, but neither email_dest nor info_contato';
      remedy := 'Only the method with variables carries a subject: give email_dest or info_contato too, or leave assunto out.';
    when 'outbox_send_at_range' then
      field := 'send_at';
      complaint := format('send_at cannot be %s', o.send_at);
      remedy := 'Write a time from the year 2000 on, or leave it out to send at once.';
    when 'outbox_expires_after_send_at' then
      field := 'expires_at';
      complaint := 'the message would expire before it may be sent';
      remedy := 'expires_at has to be later than send_at (by default, now).';
    when 'outbox_dedupe_key_length' then
      field := 'dedupe_key';
      complaint := 'dedupe_key is empty or longer than 255 characters';
      remedy := 'Use a short key of your own, such as ''order 42 shipped'', or null for none.';
    when 'outbox_max_attempts_range' then
      field := 'max_attempts';
      complaint := format('max_attempts cannot be %s', o.max_attempts);
      remedy := 'Write a number from 1 to 1000, or leave it out for the daemon''s setting.';
    when 'outbox_on_unknown_known' then
      field := 'on_unknown';
      complaint := format('on_unknown cannot be %L', o.on_unknown);
      remedy := 'Write hold (a person decides) or resend (which may message a person twice), or leave it out for the daemon''s setting.';
  end case;
  return (rule, field, complaint, remedy);
end
$$;

comment on function talkme.describe_problem(text, talkme.outbox) is
  'What a broken rule means for a message, and what to do';

revoke execute on function talkme.describe_problem(text, talkme.outbox) from public;
