-- Rows that a turn of talkme.settle_and_claim has met and does not send; it has locked them.
create or replace function talkme.end_or_put_off(fates talkme.fate[], fate_errors jsonb, claimer text) returns table (
  kind text, id bigint, account text, "numeroDest" text, attempts integer, lane text, priority smallint, "dueAtUs" bigint
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  written bigint[] := '{}';
begin
  for kind, id, account, "numeroDest", attempts, lane, priority, "dueAtUs" in
    update talkme.outbox as o set
      status      = case
                      when f.code = 'expired' then 'expired' when f.code = 'claim_unsettled' then 'unknown'
                      when f.until is null then 'cancelled' else 'pending'
                    end,
      claim       = abs(o.claim),
      finished_at = case when f.until is null and f.code <> 'claim_unsettled' then now() end,
      retry_at    = coalesce(f.until, o.retry_at),
      error_code  = f.code,
      error       = fate_errors ->> f.code,
      fence       = o.fence + case when f.until is null then 1 else 0 end,
      claimed_by  = case when f.code = 'claim_unsettled' then o.claimed_by when f.until is null then claimer end,
      claimed_at  = case when f.code = 'claim_unsettled' then o.claimed_at when f.until is null then now() end
    from unnest(fates) as f
    where o.id = f.id
    returning
      f.code, o.id, o.account, o.numero_dest, o.attempts, o.lane, o.priority,
      round(date_part('epoch', greatest(f.due_at, '1900-01-01')) * 1000000)::bigint
  loop
    return next;
    written := written || id;
  end loop;
  -- A trigger keeps them as they are: they are returned, so that nobody waits behind them.
  if cardinality(written) < cardinality(fates) then
    kind := 'kept_by_trigger';
    for id, account, "numeroDest", attempts, lane, priority, "dueAtUs" in
      select
        o.id, o.account, o.numero_dest, o.attempts, o.lane, o.priority,
        round(date_part('epoch', greatest(f.due_at, '1900-01-01')) * 1000000)::bigint
      from unnest(fates) as f
      join talkme.outbox as o on o.id = f.id
      where f.id <> all(written)
    loop
      return next;
    end loop;
  end if;
end
$$;

comment on function talkme.end_or_put_off(talkme.fate[], jsonb, text) is
  'Ends rows or puts them off, as decided; returns what became of each';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.end_or_put_off(talkme.fate[], jsonb, text) from public;
grant execute on function talkme.end_or_put_off(talkme.fate[], jsonb, text) to talkme_daemon;
