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
    perform talkme.refuse_capture('capture_table', '42P01', 'no table is given', 'Give its name, such as ''public.orders''.');
  end if;
  if table_row.relkind not in ('r', 'p') or table_row.relpersistence = 't' or table_row.nspname in ('talkme', 'pg_catalog', 'information_schema') then
    perform talkme.refuse_capture(
      'capture_table', '42809', format('%s is not a table of yours that keeps its rows', source),
      'Give an ordinary or partitioned table: no view, foreign or temporary table, and none of the schema talkme.'
    );
  end if;
  if not pg_has_role(table_row.relowner, 'usage') then
    perform talkme.refuse_capture(
      'capture_owner', '42501', format('%s belongs to %s', source, table_row.relowner::regrole),
      'Only the owner of a table may have its rows captured, for the expressions run with the owner''s rights.'
    );
  end if;

  -- The settings ---------------------------------------------------------------------------------------------------
  name := coalesce(name, table_row.relname);
  events := array_to_string(array(
    select word from regexp_split_to_table(lower(btrim(events) collate "C"), E'\\s+or\\s+') as word order by word
  ), ' or ');
  if num_nulls(each_time, replace, print) > 0 then
    perform talkme.refuse_capture(
      'capture_settings', '22004', 'each_time, replace and print are true or false', 'Leave them out for false.'
    );
  end if;
  perform talkme.check_capture_request(name, coalesce(condition, 'true'), map, events, each_time, on_error);
  if exists (select from talkme.captures as c where c.name = define_capture.name) then
    if not replace then
      perform talkme.refuse_capture(
        'capture_exists', '42710', format('there is a capture %I already', name),
        'Give it another name, or replace => true, or first talkme.drop_capture.'
      );
    end if;
    statements := statements || format('select talkme.drop_capture(%L)', name);
  end if;

  for entry in select distinct split_part(key, '.', 1) as key from jsonb_object_keys(map) as key loop
    if not has_schema_privilege(table_row.relowner, 'talkme', 'usage')
      or not has_column_privilege(table_row.relowner, 'talkme.outbox', entry.key, 'insert')
    then
      perform talkme.refuse_capture(
        'capture_producer', '42501',
        format('%s, the owner of %s, may not insert into talkme.outbox', table_row.relowner::regrole, source),
        format('A capture inserts with the rights of the table''s owner: grant talkme_producer to %s.', table_row.relowner::regrole)
      );
    end if;
  end loop;

  parts := talkme.try_capture_expressions(caller_path, source, condition, map);
  if events ~ 'update' and not each_time and (parts[1]).columns = '{}' then
    perform talkme.refuse_capture(
      'capture_when', '22023', 'the condition (when) depends on no column, so that no update makes it true',
      'Give a condition, or each_time => true for a message with each update, or events => ''insert''.'
    );
  end if;
  if events = 'update' and table_row.relkind = 'p' then
    raise warning using
      message = format('talkme.capture: an update that moves a row of %s to another partition is not seen', source),
      hint = 'To PostgreSQL it is an insert: capture ''insert or update'', with a dedupe_key.';
  elsif events = 'insert or update' and table_row.relkind = 'p' and not map ? 'dedupe_key' then
    raise warning using
      message = format('talkme.capture: an update that moves a row of %s to another partition is seen as an insert', source),
      hint = 'Map dedupe_key, so that a row that met the condition before brings no second message.';
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
  return format(
    'The capture %s is on: %s of %s that %s the condition becomes a message.', name, case events
      when 'insert' then 'an inserted row' when 'update' then 'an updated row' else 'an inserted or updated row' end,
    source, case when each_time then 'meets' else 'comes to meet' end
  );
end
$$;

comment on function talkme.define_capture(text, regclass, text, jsonb, text, text, boolean, text, boolean, boolean) is
  'Does the work of talkme.capture; the first argument is the search_path by which the expressions are read';

revoke execute on function talkme.define_capture(text, regclass, text, jsonb, text, text, boolean, text, boolean, boolean) from public;
grant execute on function talkme.define_capture(text, regclass, text, jsonb, text, text, boolean, text, boolean, boolean) to talkme_producer;
