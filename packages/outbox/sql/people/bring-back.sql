-- What talkme.retry and talkme.retry_where set. A cancelled row gets back what it waited for: the time of its next
-- try, its attempts, or its hold.
create or replace function talkme.bring_back(ids bigint[], expires_at timestamptz) returns setof talkme.outbox
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  update talkme.outbox as o
  set status = 'pending',
    finished_at = null,
    claim       = null,
    attempts    = case when o.status = 'cancelled' then o.attempts else 0 end,
    -- A batch that is still paused is found at the claim.
    retry_at    = case when o.status = 'cancelled' and o.error_code is distinct from 'batch_paused' then o.retry_at end,
    claimed_by  = case when o.status = 'cancelled' then o.claimed_by end,
    claimed_at  = case when o.status = 'cancelled' then o.claimed_at end,
    error_code  = case when o.error_code is null or o.error_code not in ('suppressed', 'batch_paused') then o.error_code end,
    error       = case when o.error_code is null or o.error_code not in ('suppressed', 'batch_paused') then o.error end
  where o.id = any (ids) and o.status in ('failed', 'expired', 'cancelled')
  returning o.*;

  -- A statement of its own, so that the row is checked as at the insert.
  if expires_at is not null then
    update talkme.outbox as o set expires_at = bring_back.expires_at where o.id = any (ids) and o.status = 'pending';
  end if;
end
$$;

comment on function talkme.bring_back(bigint[], timestamptz) is
  'Makes failed, expired and cancelled rows pending, with another expires_at if one is given; returns them';

revoke execute on function talkme.bring_back(bigint[], timestamp with time zone) from public;
