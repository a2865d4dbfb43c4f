-- Within a capture the refusal names it: the capture's trigger function sets talkme.capture.
create or replace function talkme.outbox_refuse(rule text, complaint text, remedy text, which text default null) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  capture text[] := regexp_match(current_setting('talkme.capture', true), '^([^[:space:]]+)(?: (.+))?$');
begin
  if capture is null then
    raise exception using
      errcode = 'check_violation', schema = 'talkme', table = 'outbox',
      constraint = rule, message = complaint, detail = coalesce(which, ''), hint = remedy;
  end if;
  raise exception using
    errcode = 'check_violation', schema = 'talkme', table = 'outbox', constraint = rule,
    message = talkme.say('capture_refused', jsonb_build_object('capture', capture[1], 'complaint', complaint, 'columns', case rule
      when 'outbox_recipient_given' then 'numero_dest, email_dest'
      when 'outbox_target_given' then 'id_campanha, id_wpp'
    end)),
    hint = remedy,
    detail = talkme.say('which.of_capture', jsonb_build_object('row', capture[2], 'capture', capture[1]));
end
$$;

comment on function talkme.outbox_refuse(text, text, text, text) is
  'Refuses a row of talkme.outbox under the name of a rule; which says in the error''s detail which row it is';

revoke execute on function talkme.outbox_refuse(text, text, text, text) from public;
