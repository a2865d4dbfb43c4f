create or replace function talkme.refuse_obstacle(doing text, o talkme.outbox, obstacle text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  rule      constant text := case obstacle
    when 'its personal data was removed' then 'outbox_resend_has_data'
    when 'its expires_at has passed' then 'outbox_resend_expires_later'
    else 'outbox_resend_not_suppressed'
  end;
  complaint constant text := format('row %s cannot be %s: %s', o.id, doing, obstacle);
  remedy    constant text := case obstacle
    when 'its personal data was removed' then 'To write to the person again, insert a new row.'
    when 'its expires_at has passed' then case o.status
      when 'unknown' then format('Resolve it as failed, then call talkme.retry(%s, expires_at => now() + interval ''2 hours'').', o.id)
      else format('Give a later one: talkme.retry(%s, expires_at => now() + interval ''2 hours''), or ''infinity'' for none.', o.id)
    end
    else 'talkme.suppression says why. If the person may be written to again: talkme.unsuppress, then this again.'
  end;
begin
  perform talkme.refuse_action(rule, complaint, remedy);
end
$$;

comment on function talkme.refuse_obstacle(text, talkme.outbox, text) is 'Refuses to send a row again, under a rule for each obstacle';

revoke execute on function talkme.refuse_obstacle(text, talkme.outbox, text) from public;
