create or replace function talkme.area_of(recipient text) returns talkme.area
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select a.prefix, a.state, a.time_zone
  from talkme.area as a
  where recipient ~ '^55[0-9]{10,11}$'
    and a.prefix = any (array(select substr(recipient, 3, length) from generate_series(2, 6) as length))
  order by length(a.prefix) desc
  limit 1;
end;

comment on function talkme.area_of(text) is 'Where a Brazilian recipient is; null for others, and for a DDD that does not exist';

revoke execute on function talkme.area_of(text) from public;
grant execute on function talkme.area_of(text) to talkme_daemon, talkme_operator, talkme_viewer;
