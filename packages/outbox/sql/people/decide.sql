-- What talkme.resolve and talkme.resolve_where set.
create or replace function talkme.decide(ids bigint[], verdict text) returns setof talkme.outbox
language sql
set search_path = pg_catalog, pg_temp
begin atomic
  update talkme.outbox as o
  set status = case verdict when 'sent' then 'sent' when 'failed' then 'failed' when 'resend' then 'pending' end,
    finished_at = case when verdict in ('sent', 'failed') then now() end,
    claim       = case when verdict <> 'resend' then -abs(o.claim) end,
    error_code  = case when verdict <> 'sent' then o.error_code end,
    error       = case when verdict <> 'sent' then o.error end,
    attempts    = case when verdict = 'resend' then 0 else o.attempts end,
    retry_at    = case when verdict <> 'resend' then o.retry_at end,
    claimed_by  = case when verdict <> 'resend' then o.claimed_by end,
    claimed_at  = case when verdict <> 'resend' then o.claimed_at end
  where o.id = any (ids) and o.status = 'unknown'
  returning o.*;
end;

comment on function talkme.decide(bigint[], text) is 'Makes unknown rows sent, failed or pending (resend); returns them';

revoke execute on function talkme.decide(bigint[], text) from public;
