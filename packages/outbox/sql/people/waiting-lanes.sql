-- Skips through the index: one descent for each lane, however many rows it has.
create or replace function talkme.waiting_lanes(account text, id_campanha bigint, id_wpp bigint) returns text[]
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  with recursive found (lane) as (
    (select o.lane from talkme.outbox as o where o.status = 'pending' order by o.lane limit 1)
    union all
    select next.lane
    from found
    cross join lateral (
      select o.lane from talkme.outbox as o where o.status = 'pending' and o.lane > found.lane order by o.lane limit 1
    ) as next
  )
  select array_agg(f.lane)
  from found as f
  cross join talkme.lane_parts(f.lane) as l
  where (waiting_lanes.account is null or l.account = waiting_lanes.account)
    and (id_campanha is null or l.campaign = id_campanha::text)
    and (id_wpp is null or l.channel = id_wpp::text);
end;

comment on function talkme.waiting_lanes(text, bigint, bigint) is
  'The lanes with waiting rows, of the account, campaign and channel that are given';

revoke execute on function talkme.waiting_lanes(text, bigint, bigint) from public;
