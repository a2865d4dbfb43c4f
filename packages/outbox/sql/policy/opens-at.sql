create or replace function talkme.opens_at(open_minutes int4multirange, recipient text, at timestamptz) returns timestamptz
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select talkme.next_opening(open_minutes, coalesce(a.time_zone, 'America/Sao_Paulo'), a.state, at)
  from (select 1) as one
  left join talkme.area_of(recipient) as a on true;
end;

comment on function talkme.opens_at(int4multirange, text, timestamptz) is
  'When a recipient may next be written to, by their own clock; by that of São Paulo if nobody knows where they are';

revoke execute on function talkme.opens_at(int4multirange, text, timestamp with time zone) from public;
grant execute on function talkme.opens_at(int4multirange, text, timestamp with time zone) to talkme_daemon, talkme_operator, talkme_viewer;
