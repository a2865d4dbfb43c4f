-- Which rows a filter matches and, if they are to be changed, which of them somebody else has locked. What it asks for but cannot be
-- changed is matched with an obstacle: rows on the wire, and of ids all that are given.
create or replace function talkme.match_rows(statuses text[], filter jsonb, for_update boolean) returns setof talkme.match
language plpgsql
set search_path = pg_catalog, pg_temp
-- Each combination of conditions gets a plan of its own: one plan for all of them would suit none.
set plan_cache_mode = force_custom_plan
as $$
declare
  everybodys constant boolean     := talkme.caller_is('{talkme_operator}');
  creators   constant name[]      := array(select r.rolname from pg_roles as r where pg_has_role(talkme.caller(), r.oid, 'usage'));
  code       constant text        := filter ->> 'error_code';
  held       constant boolean     := coalesce(code in ('held', 'held_burst', 'held_duplicate', 'batch_paused'), (filter ->> 'held')::boolean, false);
  of_account constant text        := filter ->> 'account';
  campaign   constant bigint      := filter ->> 'id_campanha';
  batch      constant bigint      := filter ->> 'batch_id';
  channel    constant bigint      := filter ->> 'id_wpp';
  since      constant timestamptz := filter ->> 'since';
  until      constant timestamptz := filter ->> 'until';
  data       constant jsonb       := filter -> 'metadata';
  named      constant bigint[]    := talkme.named_rows(filter);
  lanes      constant text[]      := case
                                       when 'pending' = any (statuses) and named is null and num_nonnulls(of_account, campaign, channel) > 0
                                       then coalesce(talkme.waiting_lanes(of_account, campaign, channel), '{}')
                                     end;
  matched    talkme.match[] := '{}';
  given      bigint[];
begin
  if 'pending' = any (statuses) then
    matched := array(
      select (o.id, o.status, o.error_code, null)::talkme.match
      from talkme.outbox as o
      where o.status = 'pending'
        and (named is null or o.id = any (named))
        and (lanes is null or o.lane = any (lanes))
        and (not held or o.retry_at = talkme.held_until())
        and (code is null or o.error_code = code) and (of_account is null or o.account = of_account)
        and (campaign is null or o.id_campanha = campaign) and (channel is null or o.id_wpp = channel)
        and (since is null or o.created_at >= since) and (until is null or o.created_at < until)
        and (batch is null or o.batch_id = batch) and (data is null or o.metadata @> data)
        and (everybodys or o.created_by = any (creators))
    ) || array(
      select (o.id, o.status, o.error_code, 'on_the_wire')::talkme.match
      from talkme.outbox as o
      where o.status = 'sending' and not held
        and (named is null or o.id = any (named))
        and (code is null or o.error_code = code) and (of_account is null or o.account = of_account)
        and (campaign is null or o.id_campanha = campaign) and (channel is null or o.id_wpp = channel)
        and (since is null or o.created_at >= since) and (until is null or o.created_at < until)
        and (batch is null or o.batch_id = batch) and (data is null or o.metadata @> data)
        and (everybodys or o.created_by = any (creators))
    );
  end if;
  if 'unknown' = any (statuses) then
    matched := matched || array(
      select (o.id, o.status, o.error_code, null)::talkme.match
      from talkme.outbox as o
      where o.status = 'unknown' and o.status in ('failed', 'unknown', 'expired', 'cancelled')
        and (named is null or o.id = any (named))
        and (code is null or o.error_code = code) and (of_account is null or o.account = of_account)
        and (campaign is null or o.id_campanha = campaign) and (channel is null or o.id_wpp = channel)
        and (since is null or o.claimed_at >= since) and (until is null or o.claimed_at < until)
        and (batch is null or o.batch_id = batch) and (data is null or o.metadata @> data)
        and (everybodys or o.created_by = any (creators))
    );
  end if;
  if statuses && '{failed,expired,cancelled}' then
    matched := matched || array(
      select (o.id, o.status, o.error_code, null)::talkme.match
      from talkme.outbox as o
      where o.status = any (array_remove(array_remove(statuses, 'pending'), 'unknown'))
        and o.status in ('failed', 'unknown', 'expired', 'cancelled')
        and (named is null or o.id = any (named))
        and (code is null or o.error_code = code) and (of_account is null or o.account = of_account)
        and (campaign is null or o.id_campanha = campaign) and (channel is null or o.id_wpp = channel)
        and (since is null or o.finished_at >= since) and (until is null or o.finished_at < until)
        and (batch is null or o.batch_id = batch) and (data is null or o.metadata @> data)
        and (everybodys or o.created_by = any (creators))
    );
  end if;

  if filter ? 'ids' then
    given := array(select distinct e::bigint from jsonb_array_elements_text(filter -> 'ids') as e where e is not null);
    matched := matched || array(
      select (g.id, o.status, o.error_code, case
        when o.id is null then 'no_row'
        when o.status = 'sending' then 'on_the_wire'
        when o.status <> all (statuses) then 'status'
        else 'conditions'
      end)::talkme.match
      from unnest(given) as g (id)
      left join unnest(matched) as m on m.id = g.id
      left join talkme.outbox as o on o.id = g.id and (everybodys or o.created_by = any (creators))
      where m.id is null
    );
  end if;

  if not for_update then
    return query select f.* from unnest(matched) as f;
  else
    return query
    with mine as materialized (
      select o.id
      from talkme.outbox as o
      where o.id = any (array(select f.id from unnest(matched) as f where f.obstacle is null)) and o.status = any (statuses)
      for update skip locked
    )
    select f.id, f.status, f.error_code, case when f.obstacle is not null then f.obstacle when m.id is null then 'locked' end
    from unnest(matched) as f
    left join mine as m using (id);
  end if;
end
$$;

comment on function talkme.match_rows(text[], jsonb, boolean) is
  'The rows that a filter matches and the caller may change, and those that cannot be, with the reason; locks them if they are to be changed, except those that somebody else has locked';

revoke execute on function talkme.match_rows(text[], jsonb, boolean) from public;
