-- Also checks what is registered without talkme.capture, such as what that prints: the list takes nothing whose form
-- talkme.capture would refuse. The functions say whether the expressions fit the table.
create or replace function talkme.check_capture_request(
  name text, condition text, map jsonb, events text, each_time boolean, on_error text
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set standard_conforming_strings = on
as $$
declare
  longest   constant integer := 10000;
  types     constant jsonb := talkme.capture_types();
  variables constant text[] := talkme.known_variables();
  entry     record;
begin
  if name is null or name !~ '^[a-z][a-z0-9_]{0,39}$' then
    perform talkme.refuse_capture(
      'capture_name', '42602', jsonb_build_object('name', left(name, 100))
    );
  end if;
  if events is null or events not in ('insert', 'update', 'insert or update') then
    perform talkme.refuse_capture(
      'capture_events', '22023'
    );
  end if;
  if on_error is null or on_error not in ('block', 'record') then
    perform talkme.refuse_capture(
      'capture_on_error', '22023'
    );
  end if;
  if each_time is null then
    perform talkme.refuse_capture(
      'capture_settings', '22004'
    );
  end if;
  if condition is null or length(condition) > longest then
    perform talkme.refuse_capture(
      'capture_when', '22023', jsonb_build_object('characters', length(condition), 'longest', longest),
      case when condition is null then 'capture_when.none' else 'capture_when.length' end, 'capture_when.hint'
    );
  end if;
  if map is null or jsonb_typeof(map) <> 'object' then
    perform talkme.refuse_capture(
      'capture_map_object', '22023'
    );
  end if;
  for entry in select key, talkme.capture_expression(key, value) as expression from jsonb_each(map) loop
    if not types ? entry.key and (entry.key !~ '^info_contato[.]' or substr(entry.key, 14) <> all (variables)) then
      perform talkme.refuse_capture(
        'capture_map_known', '42703', jsonb_build_object(
          'entry', quote_ident(left(entry.key, 63)), 'columns', (select string_agg(t, ', ') from jsonb_object_keys(types) as t),
          'variables', array_to_string(variables, ', ')
        )
      );
    end if;
    if entry.expression is null then
      perform talkme.refuse_capture(
        'capture_map_value', '22023', jsonb_build_object('entry', entry.key),
        remedy => case when entry.key = 'info_contato' then 'capture_map_value.info_contato.hint' end
      );
    end if;
    if length(entry.expression) > longest then
      perform talkme.refuse_capture(
        'capture_map_value', '22023',
        jsonb_build_object('entry', entry.key, 'characters', length(entry.expression), 'longest', longest),
        'capture_map_value.length'
      );
    end if;
  end loop;
  if map ? 'info_contato' and exists (select from jsonb_object_keys(map) as k where k ^@ 'info_contato.') then
    perform talkme.refuse_capture(
      'capture_map_info_contato', '22023'
    );
  end if;
  if not map ?| array['numero_dest', 'email_dest'] then
    perform talkme.refuse_capture(
      'capture_recipient_given', '22023'
    );
  end if;
  if not map ?| array['id_campanha', 'id_wpp'] then
    perform talkme.refuse_capture(
      'capture_target_given', '22023'
    );
  end if;
end
$$;

comment on function talkme.check_capture_request(text, text, jsonb, text, boolean, text) is
  'Refuses a capture whose name, settings or map have the wrong form, and says what is wrong where';

revoke execute on function talkme.check_capture_request(text, text, jsonb, text, boolean, text) from public;
grant execute on function talkme.check_capture_request(text, text, jsonb, text, boolean, text) to talkme_producer;
