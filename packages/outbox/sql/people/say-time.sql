create or replace function talkme.say_time(at timestamptz) returns text
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  -- As ::text writes it under the default DateStyle.
  select case when isfinite(at) then to_char(at, 'YYYY-MM-DD HH24:MI:SSOF') else at::text end;
end;

comment on function talkme.say_time(timestamptz) is 'A time as people read it, in the time zone of the session';

revoke execute on function talkme.say_time(timestamp with time zone) from public;
