-- Reads no more than the last 2,000 rows that ended, whatever the rate.
create or replace function talkme.sent_per_second(lane text) returns double precision
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  select nullif(count(*) filter (where r.lane = sent_per_second.lane and r.status = 'sent'), 0)
    / greatest(case when count(*) = 2000 then extract(epoch from now() - min(r.finished_at)) else 60 end, 1)::double precision
  from (
    select o.lane, o.status, o.finished_at
    from talkme.outbox as o
    where o.finished_at > now() - interval '1 minute'
    order by o.finished_at desc
    limit 2000
  ) as r;
end;

comment on function talkme.sent_per_second(text) is 'How fast a lane was sent in the last minute; null if nothing of it was';

revoke execute on function talkme.sent_per_second(text) from public;
