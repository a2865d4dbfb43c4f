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
      'capture_name', '42602', format('%L cannot be the name of a capture', left(name, 100)),
      'A name has up to 40 small letters, digits and _, and begins with a letter: name => ''shipped''.'
    );
  end if;
  if events is null or events not in ('insert', 'update', 'insert or update') then
    perform talkme.refuse_capture(
      'capture_events', '22023', 'events is none that can be captured',
      'Write ''insert'', ''update'' or ''insert or update''.'
    );
  end if;
  if on_error is null or on_error not in ('block', 'record') then
    perform talkme.refuse_capture(
      'capture_on_error', '22023', 'on_error is neither block nor record',
      'block fails the transaction of whoever changes the row; record lets it through and writes to talkme.capture_error.'
    );
  end if;
  if each_time is null then
    perform talkme.refuse_capture(
      'capture_settings', '22004', 'each_time is true or false', 'Leave it out for false.'
    );
  end if;
  if condition is null or length(condition) > longest then
    perform talkme.refuse_capture(
      'capture_when', '22023', format('the condition (when) has %s characters', coalesce(length(condition)::text, 'no')),
      format('Write an SQL expression of at most %s characters; put a longer one into a function of yours.', longest)
    );
  end if;
  if map is null or jsonb_typeof(map) <> 'object' then
    perform talkme.refuse_capture(
      'capture_map_object', '22023', 'the map is no JSON object',
      'Write the outbox''s columns with SQL expressions: {"numero_dest": "customer_phone", "id_campanha": 123456}.'
    );
  end if;
  for entry in select key, talkme.capture_expression(key, value) as expression from jsonb_each(map) loop
    if not types ? entry.key and (entry.key !~ '^info_contato[.]' or substr(entry.key, 14) <> all (variables)) then
      perform talkme.refuse_capture(
        'capture_map_known', '42703',
        format('the map has the entry %s, which is nothing that a message has', quote_ident(left(entry.key, 63))),
        format('A message has %s; and info_contato. followed by %s.',
          (select string_agg(t, ', ') from jsonb_object_keys(types) as t), array_to_string(variables, ', '))
      );
    end if;
    if entry.expression is null then
      perform talkme.refuse_capture(
        'capture_map_value', '22023', format('the entry %s is no SQL expression', entry.key),
        case entry.key
          when 'info_contato' then 'Write an expression of type jsonb as a JSON string, or variables that are always the same as {"value": {"nome": "text"}}.'
          else 'Write an expression as a JSON string, a number as it is, and a text that is always the same as {"value": "text"}.'
        end
      );
    end if;
    if length(entry.expression) > longest then
      perform talkme.refuse_capture(
        'capture_map_value', '22023',
        format('the entry %s has %s characters', entry.key, length(entry.expression)),
        format('An expression has at most %s: put a longer one into a function of yours.', longest)
      );
    end if;
  end loop;
  if map ? 'info_contato' and exists (select from jsonb_object_keys(map) as k where k ^@ 'info_contato.') then
    perform talkme.refuse_capture(
      'capture_map_info_contato', '22023', 'the map has both info_contato and single variables of it',
      'Give info_contato as one jsonb expression, or each variable as info_contato.nome and so on.'
    );
  end if;
  if not map ?| array['numero_dest', 'email_dest'] then
    perform talkme.refuse_capture(
      'capture_recipient_given', '22023', 'the map gives the message no recipient', 'Map numero_dest, email_dest, or both.'
    );
  end if;
  if not map ?| array['id_campanha', 'id_wpp'] then
    perform talkme.refuse_capture(
      'capture_target_given', '22023', 'the map gives the message neither a campaign nor a channel', 'Map id_campanha, id_wpp, or both.'
    );
  end if;
end
$$;

comment on function talkme.check_capture_request(text, text, jsonb, text, boolean, text) is
  'Refuses a capture whose name, settings or map have the wrong form, and says what is wrong where';

revoke execute on function talkme.check_capture_request(text, text, jsonb, text, boolean, text) from public;
grant execute on function talkme.check_capture_request(text, text, jsonb, text, boolean, text) to talkme_producer;
