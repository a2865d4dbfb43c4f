-- With the rights of the caller: nobody reports errors of another's capture.
create or replace function talkme.record_capture_error(
  capture text, source text, event text, key jsonb, entry text, sqlstate text, rule text, message text, hint text
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if not talkme.may_record(capture, current_user) then
    perform talkme.refuse_capture(
      'capture_known', '42704', jsonb_build_object('name', quote_ident(capture), 'caller', current_user), 'capture_known.recording'
    );
  end if;
  insert into talkme.capture_error (capture, source, event, key, entry, sqlstate, rule, message, hint)
  values (capture, source, event, key, entry, sqlstate, rule, message, hint);
end
$$;

comment on function talkme.record_capture_error(text, text, text, jsonb, text, text, text, text, text) is
  'Writes an entry of talkme.capture_error; captures call it';

revoke execute on function talkme.record_capture_error(text, text, text, jsonb, text, text, text, text, text) from public;
grant execute on function talkme.record_capture_error(text, text, text, jsonb, text, text, text, text, text) to talkme_producer;
