create or replace function talkme.say_time(at timestamptz, language text default null) returns text
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select case
    when not isfinite(at) then at::text
    when talkme.language(language) = 'pt-BR' then to_char(at, 'DD/MM/YYYY HH24:MI:SS OF')
    -- As ::text writes it under the default DateStyle.
    else to_char(at, 'YYYY-MM-DD HH24:MI:SSOF')
  end;
end;

comment on function talkme.say_time(timestamptz, text) is 'A time as people read it, in the time zone of the session';

grant execute on function talkme.say_time(timestamp with time zone, text) to public;
