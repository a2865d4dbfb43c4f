-- Skips through the index, one descent for each lane, however many rows stand in it.
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
  where (account is null or split_part(f.lane, '/', 1) = account)
    and (id_campanha is null or split_part(f.lane, '/', 2) = id_campanha::text)
    and (id_wpp is null or split_part(f.lane, '/', 3) = id_wpp::text);
end;

comment on function talkme.waiting_lanes(text, bigint, bigint) is
  'The lanes with waiting rows, of an account, campaign and channel where they are given';

revoke execute on function talkme.waiting_lanes(text, bigint, bigint) from public;
