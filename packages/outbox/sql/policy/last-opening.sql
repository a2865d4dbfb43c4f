create or replace function talkme.last_opening(open_minutes int4multirange, at timestamptz) returns timestamptz
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select max(talkme.next_opening(open_minutes, place.time_zone, place.state, at))
  from (select distinct a.time_zone, a.state from talkme.area as a) as place;
end;

comment on function talkme.last_opening(int4multirange, timestamptz) is
  'The time by which everybody in the country could have been written to; the given time if everybody may be already';

revoke execute on function talkme.last_opening(int4multirange, timestamp with time zone) from public;
grant execute on function talkme.last_opening(int4multirange, timestamp with time zone) to talkme_daemon;
