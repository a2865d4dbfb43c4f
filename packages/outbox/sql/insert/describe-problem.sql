create or replace function talkme.describe_problem(rule text, o talkme.outbox) returns talkme.problem
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  dialled text;
begin
  if rule in ('outbox_numero_dest_length', 'outbox_numero_dest_ddd', 'outbox_numero_dest_exists') then
    dialled := talkme.national_digits(talkme.dialled_digits(o.numero_dest));
  end if;
  return case rule
    when 'outbox_status_at_insert' then talkme.problem_of(rule, 'status', jsonb_build_object('status', o.status))
    when 'outbox_daemon_columns_at_insert' then talkme.problem_of(rule, 'status')
    when 'outbox_account_name' then talkme.problem_of(rule, 'account', jsonb_build_object('account', o.account))
    when 'outbox_recipient_given' then talkme.problem_of(rule, 'numero_dest')
    when 'outbox_numero_dest_format' then talkme.problem_of(rule, 'numero_dest')
    when 'outbox_numero_dest_length' then talkme.problem_of(rule, 'numero_dest', jsonb_build_object('digits', length(dialled)))
    when 'outbox_numero_dest_ddd' then talkme.problem_of(rule, 'numero_dest', jsonb_build_object('ddd', left(dialled, 2)))
    when 'outbox_numero_dest_exists' then talkme.problem_of(rule, 'numero_dest', jsonb_build_object('fault', case
      when dialled is null then 'country'
      when length(dialled) = 11 then 'mobile'
      when substr(dialled, 3, 1) in ('0', '1') then 'landline'
      else 'groups'
    end))
    when 'outbox_email_dest_format' then talkme.problem_of(rule, 'email_dest')
    when 'outbox_target_given' then talkme.problem_of(rule, 'id_campanha')
    when 'outbox_id_campanha_range' then talkme.problem_of(rule, 'id_campanha', jsonb_build_object('id_campanha', o.id_campanha))
    when 'outbox_id_wpp_range' then talkme.problem_of(rule, 'id_wpp', jsonb_build_object('id_wpp', o.id_wpp))
    when 'outbox_txtmsg_length' then talkme.problem_of(rule, 'txtmsg', jsonb_build_object('characters', length(o.txtmsg)))
    when 'outbox_assunto_format' then talkme.problem_of(rule, 'assunto')
    when 'outbox_assunto_has_method' then talkme.problem_of(rule, 'assunto')
    when 'outbox_send_at_range' then talkme.problem_of(rule, 'send_at', jsonb_build_object('send_at', o.send_at::text))
    when 'outbox_expires_after_send_at' then talkme.problem_of(rule, 'expires_at')
    when 'outbox_dedupe_key_length' then talkme.problem_of(rule, 'dedupe_key')
    when 'outbox_max_attempts_range' then talkme.problem_of(rule, 'max_attempts', jsonb_build_object('max_attempts', o.max_attempts))
    when 'outbox_on_unknown_known' then talkme.problem_of(rule, 'on_unknown', jsonb_build_object('on_unknown', o.on_unknown))
  end;
end
$$;

comment on function talkme.describe_problem(text, talkme.outbox) is
  'What a broken rule means for a message, and what to do';

revoke execute on function talkme.describe_problem(text, talkme.outbox) from public;
