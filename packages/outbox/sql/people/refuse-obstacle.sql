create or replace function talkme.refuse_obstacle(doing text, o talkme.outbox, obstacle text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform talkme.refuse_as(
    case obstacle
      when 'blanked' then 'outbox_resend_has_data'
      when 'expired' then 'outbox_resend_expires_later'
      else 'outbox_resend_not_suppressed'
    end,
    jsonb_build_object('id', o.id, 'doing', doing),
    remedy => case when obstacle = 'expired' and o.status = 'unknown' then 'outbox_resend_expires_later.unknown.hint' end
  );
end
$$;

comment on function talkme.refuse_obstacle(text, talkme.outbox, text) is
  'Refuses to send a row again, under a rule for each obstacle; doing is a word of talkme.say';

revoke execute on function talkme.refuse_obstacle(text, talkme.outbox, text) from public;
