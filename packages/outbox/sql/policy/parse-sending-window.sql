-- "mon-fri 9:00-19:00, sat 9:00-13:00" as minutes since Monday 0:00.
create or replace function talkme.parse_sending_window(sending_window text) returns int4multirange
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  days constant jsonb := '{
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
    "seg": 0, "ter": 1, "qua": 2, "qui": 3, "sex": 4, "sab": 5, "dom": 6
  }';
  part    text;
  matched text[];
  opens   integer;
  closes  integer;
  day     integer;
  minutes int4multirange := '{}';
begin
  if sending_window is null then
    return null;
  end if;
  foreach part in array string_to_array(lower(sending_window collate "C") || ',', ',') loop
    -- The empty part after the last comma; alone, it is not a window.
    continue when part = '' and minutes <> '{}';
    matched := regexp_match(part, E'^\\s*([a-z]{3})(?:\\s*-\\s*([a-z]{3}))?\\s+([0-9]{1,2})(?::([0-9]{2}))?\\s*-\\s*([0-9]{1,2})(?::([0-9]{2}))?\\s*$');
    opens := matched[3]::integer * 60 + coalesce(matched[4], '0')::integer;
    closes := matched[5]::integer * 60 + coalesce(matched[6], '0')::integer;
    if matched is null or not days ? matched[1] or not days ? coalesce(matched[2], matched[1])
      or coalesce(matched[4], '0')::integer > 59 or coalesce(matched[6], '0')::integer > 59 or closes > 1440 or opens >= closes
    then
      raise exception using
        errcode = 'invalid_parameter_value',
        message = talkme.say('sending_window', jsonb_build_object('part', btrim(part))),
        hint = talkme.say('sending_window.hint');
    end if;
    day := (days ->> matched[1])::integer;
    loop
      minutes := minutes + int4multirange(int4range(day * 1440 + opens, day * 1440 + closes));
      exit when day = (days ->> coalesce(matched[2], matched[1]))::integer;
      day := (day + 1) % 7;
    end loop;
  end loop;
  return minutes;
end
$$;

comment on function talkme.parse_sending_window(text) is
  'The minutes of a week, counted from Monday 0:00, in a text such as mon-fri 9:00-19:00, sat 9:00-13:00';

-- A generated column calls it with the rights of whoever writes the row: anybody who was granted the insert. It reads no table.
grant execute on function talkme.parse_sending_window(text) to public;
