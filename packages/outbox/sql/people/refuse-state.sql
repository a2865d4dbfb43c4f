create or replace function talkme.refuse_state(rule text, doing text, o talkme.outbox) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  complaint constant text := format('row %s cannot be %s: it is %s', o.id, doing, case o.status
    when 'pending' then 'pending, and waits to be sent'
    when 'sending' then format('sending, on the wire with %s since %s', o.claimed_by, talkme.say_time(o.claimed_at))
    when 'unknown' then 'unknown: it may have been sent'
    else format('%s since %s', o.status, talkme.say_time(o.finished_at))
  end);
  remedy    constant text := case
    when o.blanked_at is not null and o.status in ('failed', 'expired', 'cancelled')
      then 'It is not going to be sent, and cannot be: its personal data was removed.'
    else case o.status
      when 'pending' then format('talkme.explain(%s) says what it waits for; talkme.cancel(%s) stops it.', o.id, o.id)
      when 'sending' then format('Wait for its answer, a matter of seconds. talkme.explain(%s) says what becomes of it.', o.id)
      when 'sent' then 'What Talk.me has accepted cannot be called back. To send it once more, insert it again.'
      when 'unknown' then format(
        'Look for it in Talk.me, then say what you found: talkme.resolve(%s, ''sent'') or ''failed'', or ''resend'' to send it again.',
        o.id
      )
      when 'expired' then format(
        'It is not going to be sent. talkme.retry(%s, expires_at => now() + interval ''2 hours'') has it sent after all.', o.id
      )
      else format('It is not going to be sent. talkme.retry(%s) has it sent after all.', o.id)
    end
  end;
begin
  perform talkme.refuse_action(rule, complaint, remedy);
end
$$;

comment on function talkme.refuse_state(text, text, talkme.outbox) is
  'Refuses what the state of a row does not allow; says which state that is and what to do instead';

revoke execute on function talkme.refuse_state(text, text, talkme.outbox) from public;
