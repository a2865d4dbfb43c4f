create or replace function talkme.expected_end(open_minutes int4multirange, seconds double precision, at timestamptz)
returns timestamptz
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  zone    constant text := 'America/Sao_Paulo';
  left_s  double precision := seconds;
  today   constant date := (at at time zone zone)::date;
  minute  constant integer := extract(hour from at at time zone zone) * 60 + extract(minute from at at time zone zone);
  monday  integer;
  part    int4range;
begin
  if open_minutes is null then
    return case when seconds < 1e9 then at + seconds * interval '1 second' end;
  end if;
  -- Further than a year nobody can plan.
  for i in 0..366 loop
    continue when exists (select from talkme.holiday as h where h.day = today + i and h.state = '*');
    monday := (extract(isodow from today + i) - 1) * 1440;
    for part in select unnest(open_minutes * int4multirange(int4range(monday + case when i = 0 then minute else 0 end, monday + 1440))) loop
      if left_s <= (upper(part) - lower(part)) * 60 then
        return (today + i + make_interval(mins => lower(part) - monday)) at time zone zone + left_s * interval '1 second';
      end if;
      left_s := left_s - (upper(part) - lower(part)) * 60;
    end loop;
  end loop;
  return null;
end
$$;

comment on function talkme.expected_end(int4multirange, double precision, timestamptz) is
  'When work of so many seconds ends that goes on only within a sending window, by the clock of São Paulo; null if not within a year';

revoke execute on function talkme.expected_end(int4multirange, double precision, timestamp with time zone) from public;
