create or replace function talkme.refuse_state(rule text, doing text, o talkme.outbox) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform talkme.refuse_as(
    rule,
    jsonb_build_object(
      'id', o.id, 'doing', doing, 'status', o.status, 'instance', o.claimed_by, 'since', coalesce(o.finished_at, o.claimed_at)
    ),
    complaint => case o.status
      when 'pending' then 'refused.pending' when 'sending' then 'refused.sending' when 'unknown' then 'refused.unknown'
      else 'refused.ended'
    end,
    remedy => case
      when o.blanked_at is not null and o.status in ('failed', 'expired', 'cancelled') then 'refused.blanked.hint'
      when o.status in ('pending', 'sending', 'sent', 'unknown', 'expired') then 'refused.' || o.status || '.hint'
      else 'refused.ended.hint'
    end
  );
end
$$;

comment on function talkme.refuse_state(text, text, talkme.outbox) is
  'Refuses what the state of a row does not allow; says which state that is and what to do instead. doing is a word of talkme.say';

revoke execute on function talkme.refuse_state(text, text, talkme.outbox) from public;
