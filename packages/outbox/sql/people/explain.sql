create or replace function talkme.explain(id bigint) returns text
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o        constant talkme.outbox := talkme.find_row(id, '{talkme_operator,talkme_viewer,talkme_daemon,talkme_marketing}');
  ended_at constant text := talkme.say_time(o.finished_at);
  ended_by constant text := coalesce(talkme.say_who_ended(o), '');
  -- Whoever writes the status by hand may give a sentence without a code.
  why      constant text := case
    when o.error is null then o.error_code || '.'
    else concat_ws(': ', o.error_code, talkme.hide_numbers(o.error))
  end;
begin
  if o.id is null then
    return format('There is no row %s, or it is not yours to see.', coalesce(id::text, 'null'));
  end if;
  return case o.status
    when 'pending' then talkme.explain_pending(o)
    when 'sending' then talkme.explain_sending(o)
    when 'sent' then case
      when ended_by <> '' then format('Row %s was declared sent at %s%s.', o.id, ended_at, ended_by)
      else format(
        'Row %s was sent at %s: Talk.me accepted it%s. Accepted is not delivered.',
        o.id, ended_at, coalesce(', with reference ' || o.reference, '')
      )
    end
    when 'unknown' then format(
      'Row %s may have been sent%s. %s. Look for it in Talk.me, then say what you found: talkme.resolve(%s, ''sent'') or ''failed'', or ''resend'' to send it again, which messages the person twice if you are wrong.',
      o.id, coalesce(format(' (attempt %s, ', o.attempts) || talkme.say_time(o.claimed_at) || ')', ''),
      rtrim(coalesce(why, 'Nobody knows'), '.'), o.id
    )
    when 'failed' then case
      when ended_by <> '' then format('Row %s was declared failed at %s%s; before, it was unknown. ', o.id, ended_at, ended_by)
      else format('Row %s failed at %s after %s attempt(s). ', o.id, ended_at, o.attempts)
    end || format('%s Correct what was wrong, then talkme.retry(%s) sends it after all.', why, o.id)
    when 'expired' then format(
      'Row %s expired at %s: it was not sent before %s. talkme.retry(%s, expires_at => now() + interval ''2 hours'') sends it after all.',
      o.id, ended_at, coalesce(talkme.say_time(o.expires_at), 'its expires_at'), o.id
    )
    when 'cancelled' then case
      when o.error_code = 'suppressed' then format(
        'Row %s was cancelled at %s, because its recipient is suppressed%s. talkme.unsuppress ends that; then talkme.retry(%s) sends it after all.',
        o.id, ended_at, coalesce((
          select format(' by %s since %s (%s)', s.suppressed_by, talkme.say_time(s.suppressed_at), talkme.hide_numbers(s.reason))
          from talkme.suppression as s
          where s.recipient in (o.recipient, talkme.address_key(o.email_dest))
        ), ' (no longer: it may be tried again)'), o.id
      )
      when o.error_code = 'forgotten' then format(
        'Row %s was cancelled at %s, because its recipient was forgotten (talkme.forget).', o.id, ended_at
      )
      else format('Row %s was cancelled at %s%s. talkme.retry(%s) brings it back.', o.id, ended_at, ended_by, o.id)
    end
  end || case
    when o.blanked_at is not null then format(
      ' Its personal data was removed at %s, so it cannot be sent again.', talkme.say_time(o.blanked_at)
    )
    else ''
  end;
end
$$;

comment on function talkme.explain(bigint) is 'Why a row has not been sent, or what became of it, and what to do: in sentences, without the recipient';

revoke execute on function talkme.explain(bigint) from public;
grant execute on function talkme.explain(bigint) to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
