-- Resolves the names in the expressions as the caller would, and all others as written here. Creating a trigger waits for
-- whoever writes the table, and all later writers wait behind it: so it does not wait for long.
create or replace function talkme.define_capture(
  caller_path text, source regclass, condition text, map jsonb, name text, events text, each_time boolean,
  on_error text, replace boolean, print boolean
) returns text
language plpgsql
set search_path = pg_catalog, pg_temp
set standard_conforming_strings = on
set lock_timeout = '3s'
as $$
declare
  table_row    record;
  entry        record;
  parts        talkme.capture_part[];
  statements   text[] := '{}';
  statement    text;
begin
  -- The table ------------------------------------------------------------------------------------------------------
  select c.oid, c.relname, c.relkind, c.relpersistence, c.relowner, n.nspname into table_row
  from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where c.oid = source;
  if not found then
    perform talkme.refuse_capture('capture_table', '42P01', complaint => 'capture_table.given');
  end if;
  if table_row.relkind not in ('r', 'p') or table_row.relpersistence = 't' or table_row.nspname in ('talkme', 'pg_catalog', 'information_schema') then
    perform talkme.refuse_capture(
      'capture_table', '42809', jsonb_build_object('table', source::text)
    );
  end if;
  if not pg_has_role(table_row.relowner, 'usage') then
    perform talkme.refuse_capture(
      'capture_owner', '42501', jsonb_build_object('table', source::text, 'owner', table_row.relowner::regrole::text)
    );
  end if;

  -- The settings ---------------------------------------------------------------------------------------------------
  name := coalesce(name, table_row.relname);
  events := array_to_string(array(
    select word from regexp_split_to_table(lower(btrim(events) collate "C"), E'\\s+or\\s+') as word order by word
  ), ' or ');
  if num_nulls(each_time, replace, print) > 0 then
    perform talkme.refuse_capture(
      'capture_settings', '22004', complaint => 'capture_settings.all'
    );
  end if;
  perform talkme.check_capture_request(name, coalesce(condition, 'true'), map, events, each_time, on_error);
  if exists (select from talkme.captures as c where c.name = define_capture.name) then
    if not replace then
      perform talkme.refuse_capture(
        'capture_exists', '42710', jsonb_build_object('name', quote_ident(name))
      );
    end if;
    statements := statements || format('select talkme.drop_capture(%L)', name);
  end if;

  for entry in select distinct split_part(key, '.', 1) as key from jsonb_object_keys(map) as key loop
    if not has_schema_privilege(table_row.relowner, 'talkme', 'usage')
      or not has_column_privilege(table_row.relowner, 'talkme.outbox', entry.key, 'insert')
    then
      perform talkme.refuse_capture(
        'capture_producer', '42501', jsonb_build_object('owner', table_row.relowner::regrole::text, 'table', source::text)
      );
    end if;
  end loop;

  parts := talkme.try_capture_expressions(caller_path, source, condition, map);
  if events ~ 'update' and not each_time and (parts[1]).columns = '{}' then
    perform talkme.refuse_capture(
      'capture_when', '22023', complaint => 'capture_when.no_column'
    );
  end if;
  if events = 'update' and table_row.relkind = 'p' then
    raise warning using
      message = talkme.say('capture.moves_unseen', jsonb_build_object('table', source::text)),
      hint = talkme.say('capture.moves_unseen.hint');
  elsif events = 'insert or update' and table_row.relkind = 'p' and not map ? 'dedupe_key' then
    raise warning using
      message = talkme.say('capture.moves_seen', jsonb_build_object('table', source::text)),
      hint = talkme.say('capture.moves_seen.hint');
  end if;

  statements := statements || talkme.write_capture(source, parts, map, name, events, each_time, on_error);
  if print then
    return format(
      E'begin;\nset local search_path = %s;\nset local standard_conforming_strings = on;\nset local lock_timeout = ''3s'';\n\n%s;\n\ncommit;\n',
      coalesce(nullif(caller_path, ''), ''''''), array_to_string(statements, E';\n\n')
    );
  end if;
  perform set_config('search_path', caller_path, true);
  foreach statement in array statements loop
    execute statement;
  end loop;
  perform set_config('search_path', 'pg_catalog, pg_temp', true);
  return talkme.say('capture.on', jsonb_build_object(
    'name', name, 'event', replace(events, ' ', '_'), 'table', source::text,
    'meets', case when each_time then 'each_time' else 'once' end
  ));
end
$$;

comment on function talkme.define_capture(text, regclass, text, jsonb, text, text, boolean, text, boolean, boolean) is
  'Does the work of talkme.capture; the first argument is the search_path by which the expressions are read';

revoke execute on function talkme.define_capture(text, regclass, text, jsonb, text, text, boolean, text, boolean, boolean) from public;
grant execute on function talkme.define_capture(text, regclass, text, jsonb, text, text, boolean, text, boolean, boolean) to talkme_producer;
