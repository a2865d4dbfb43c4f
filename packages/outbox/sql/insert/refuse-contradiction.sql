-- Runs as its owner, so that whoever updates needs no right to call what it calls.
create or replace function talkme.refuse_contradiction(o talkme.outbox) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if o.status not in ('pending', 'sending', 'sent', 'failed', 'unknown', 'expired', 'cancelled') then
    perform talkme.outbox_refuse(
      'outbox_status_known',
      format('%L is not a status', o.status),
      'A row is pending, sending, sent, failed, unknown, expired or cancelled. talkme.cancel, talkme.retry and talkme.resolve change it.'
    );
  elsif o.status = 'sending' and num_nulls(o.claimed_by, o.claimed_at) > 0 then
    perform talkme.outbox_refuse(
      'outbox_sending_has_claim',
      'a row cannot be sending without claimed_by and claimed_at',
      'Leave it pending: syncd claims it, and writes all three.'
    );
  elsif not isfinite(o.retry_at) then
    perform talkme.outbox_refuse(
      'outbox_retry_at_finite',
      format('retry_at cannot be %s', o.retry_at),
      'Write a time, or null for a row that need not wait. talkme.cancel keeps a row from being sent, talkme.pause a whole campaign.'
    );
  elsif o.status = 'pending' and o.claim is not null
    or o.claim <= 0 and o.status in ('sending', 'unknown') then
    perform talkme.outbox_refuse(
      'outbox_claim_settled',
      format('row %s cannot be %s with the claim %s', o.id, o.status, o.claim),
      'talkme.cancel, talkme.retry and talkme.resolve settle a claim, or take it off; the answer does, too.'
    );
  elsif o.status is not null then
    perform talkme.outbox_refuse(
      'outbox_finished_has_time',
      format('a row cannot be %s %s finished_at', o.status, case when o.finished_at is null then 'without' else 'with' end),
      'A row that is sent, failed, expired or cancelled has finished_at, others have none. talkme.retry, talkme.cancel and talkme.resolve write both.'
    );
  end if;
end
$$;

comment on function talkme.refuse_contradiction(talkme.outbox) is
  'Refuses a row whose status contradicts its other columns; the table itself refuses one without a status';

-- The daemon's own update gets this refusal where a trigger or a person has made a row contradict itself.
revoke execute on function talkme.refuse_contradiction(talkme.outbox) from public;
grant execute on function talkme.refuse_contradiction(talkme.outbox) to talkme_daemon;
