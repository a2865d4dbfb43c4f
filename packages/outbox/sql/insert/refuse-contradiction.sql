-- Runs as its owner, so that whoever updates needs no right to call what it calls.
create or replace function talkme.refuse_contradiction(o talkme.outbox) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  rule text;
begin
  if o.status not in ('pending', 'sending', 'sent', 'failed', 'unknown', 'expired', 'cancelled') then
    rule := 'outbox_status_known';
  elsif o.status = 'sending' and num_nulls(o.claimed_by, o.claimed_at) > 0 then
    rule := 'outbox_sending_has_claim';
  elsif not isfinite(o.retry_at) then
    rule := 'outbox_retry_at_finite';
  elsif o.status = 'pending' and o.claim is not null
    or o.claim <= 0 and o.status in ('sending', 'unknown') then
    rule := 'outbox_claim_settled';
  elsif o.status is not null then
    rule := 'outbox_finished_has_time';
  else
    return;
  end if;
  perform talkme.outbox_refuse(
    rule,
    talkme.say(rule, jsonb_build_object(
      'id', o.id, 'status', o.status, 'retry_at', o.retry_at::text, 'claim', o.claim,
      'finished', case when o.finished_at is null then 'without' else 'with' end
    )),
    talkme.say(rule || '.hint')
  );
end
$$;

comment on function talkme.refuse_contradiction(talkme.outbox) is
  'Refuses a row whose status contradicts its other columns; the table itself refuses one without a status';

-- The daemon's own update gets this refusal where a trigger or a person has made a row contradict itself.
revoke execute on function talkme.refuse_contradiction(talkme.outbox) from public;
grant execute on function talkme.refuse_contradiction(talkme.outbox) to talkme_daemon;
