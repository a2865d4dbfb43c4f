create or replace function talkme.next_opening(open_minutes int4multirange, time_zone text, state text, at timestamptz)
returns timestamptz
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  today   constant date := (at at time zone time_zone)::date;
  minute  constant integer := extract(hour from at at time zone time_zone) * 60 + extract(minute from at at time zone time_zone);
  local_day date;
  monday  integer;
  opening integer;
begin
  -- A year, for a window that holidays close one week after another.
  for i in 0..366 loop
    local_day := today + i;
    monday := (extract(isodow from local_day) - 1) * 1440;
    opening := lower(open_minutes * int4multirange(int4range(monday + case when i = 0 then minute else 0 end, monday + 1440)));
    continue when opening is null;
    continue when exists (select from talkme.holiday as h where h.day = local_day and h.state in ('*', next_opening.state));
    if i = 0 and opening - monday = minute then
      return at;
    end if;
    return (local_day + make_interval(mins => opening - monday)) at time zone time_zone;
  end loop;
  return at + interval '1 year';
end
$$;

comment on function talkme.next_opening(int4multirange, text, text, timestamptz) is
  'When a sending window is next open in a time zone and state, from a given time on; that time itself if it is open';

revoke execute on function talkme.next_opening(int4multirange, text, text, timestamp with time zone) from public;
grant execute on function talkme.next_opening(int4multirange, text, text, timestamp with time zone) to talkme_daemon, talkme_operator, talkme_viewer;
