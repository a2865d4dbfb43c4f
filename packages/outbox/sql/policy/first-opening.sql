create or replace function talkme.first_opening(open_minutes int4multirange, at timestamptz) returns timestamptz
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select min(talkme.next_opening(open_minutes, zone.time_zone, null, at))
  from (select distinct a.time_zone from talkme.area as a) as zone;
end;

comment on function talkme.first_opening(int4multirange, timestamptz) is
  'When anybody in the country may next be written to; the given time if somebody may be already';

revoke execute on function talkme.first_opening(int4multirange, timestamp with time zone) from public;
grant execute on function talkme.first_opening(int4multirange, timestamp with time zone) to talkme_daemon;
