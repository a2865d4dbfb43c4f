-- Which rows a filter matches and, if they are to be changed, which of them somebody else has locked.
create or replace function talkme.match_rows(statuses text[], filter jsonb, for_update boolean) returns setof talkme.match
language plpgsql
set search_path = pg_catalog, pg_temp
-- Each combination of conditions gets a plan of its own: one plan for all of them would suit none.
set plan_cache_mode = force_custom_plan
as $$
declare
  everybodys constant boolean     := talkme.caller_is('{talkme_operator}');
  code       constant text        := filter ->> 'error_code';
  held       constant boolean     := coalesce(code in ('held_burst', 'held_duplicate', 'batch_paused'), false);
  of_account constant text        := filter ->> 'account';
  campaign   constant bigint      := filter ->> 'id_campanha';
  batch      constant bigint      := filter ->> 'batch_id';
  channel    constant bigint      := filter ->> 'id_wpp';
  since      constant timestamptz := filter ->> 'since';
  until      constant timestamptz := filter ->> 'until';
  lanes      constant text[]      := case
                                       when statuses = '{pending}' and num_nonnulls(of_account, campaign, channel) > 0
                                       then coalesce(talkme.waiting_lanes(of_account, campaign, channel), '{}')
                                     end;
  matched      talkme.match[];
begin
  if statuses = '{pending}' then
    matched := array(
      select (o.id, o.status, o.error_code, null)::talkme.match
      from talkme.outbox as o
      where o.status = 'pending'
        and (lanes is null or o.lane = any (lanes))
        and (not held or o.retry_at = talkme.held_until())
        and (code is null or o.error_code = code)
        and (since is null or o.created_at >= since) and (until is null or o.created_at < until)
        and (batch is null or o.batch_id = batch)
        and (everybodys or talkme.caller_is_creator(o.created_by))
    );
  elsif statuses = '{unknown}' then
    matched := array(
      select (o.id, o.status, o.error_code, null)::talkme.match
      from talkme.outbox as o
      where o.status = 'unknown' and o.status in ('failed', 'unknown', 'expired', 'cancelled')
        and (code is null or o.error_code = code) and (of_account is null or o.account = of_account)
        and (campaign is null or o.id_campanha = campaign) and (channel is null or o.id_wpp = channel)
        and (since is null or o.claimed_at >= since) and (until is null or o.claimed_at < until)
        and (batch is null or o.batch_id = batch)
        and (everybodys or talkme.caller_is_creator(o.created_by))
    );
  else
    matched := array(
      select (o.id, o.status, o.error_code, null)::talkme.match
      from talkme.outbox as o
      where o.status = any (statuses) and o.status in ('failed', 'unknown', 'expired', 'cancelled')
        and (code is null or o.error_code = code) and (of_account is null or o.account = of_account)
        and (campaign is null or o.id_campanha = campaign) and (channel is null or o.id_wpp = channel)
        and (since is null or o.finished_at >= since) and (until is null or o.finished_at < until)
        and (batch is null or o.batch_id = batch)
        and (everybodys or talkme.caller_is_creator(o.created_by))
    );
  end if;

  if not for_update then
    return query select f.* from unnest(matched) as f;
  else
    return query
    with mine as materialized (
      select o.id
      from talkme.outbox as o
      where o.id = any (array(select f.id from unnest(matched) as f)) and o.status = any (statuses)
      for update skip locked
    )
    select f.id, f.status, f.error_code, case when m.id is null then 'locked' end
    from unnest(matched) as f
    left join mine as m using (id);
  end if;
end
$$;

comment on function talkme.match_rows(text[], jsonb, boolean) is
  'The rows that a filter matches and the caller may change; locks them if they are to be changed, except those that somebody else has locked';

revoke execute on function talkme.match_rows(text[], jsonb, boolean) from public;
