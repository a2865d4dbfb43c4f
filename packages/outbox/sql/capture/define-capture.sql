-- The expressions' names are resolved as the caller would, all else in here as it is written. A trigger is created
-- behind whatever writes the table, and with all later writers behind it: it does not wait for long.
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
  types constant jsonb := talkme.capture_types();
  table_row    record;
  owner_name   name;
  probe        text;
  item         record;
  entry        record;
  written      text;
  used         text[];
  when_columns text[] := '{}';
  map_columns  text[] := '{}';
  personal     text[] := '{}';
  entries      text[] := '{}';
  targets      text[] := '{}';
  fields       text[] := '{}';
  info_fields  text[] := '{}';
  key_columns  text[];
  in_row       text;
  functions    text;
  body         text;
  tag          text := '$talkme$';
  insertion    text;
  statements   text[] := '{}';
  statement    text;
  refused      text;
  state        text;
  offender     text;
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
      'capture_table', '42809', format('%s is no table of yours that keeps its rows', source),
      'Give an ordinary or partitioned table: no view, foreign or temporary table, and none of the schema talkme.'
    );
  end if;
  if not pg_has_role(table_row.relowner, 'usage') then
    perform talkme.refuse_capture(
      'capture_owner', '42501', format('%s belongs to %s', source, table_row.relowner::regrole),
      'Only the owner of a table may have its rows captured, for the expressions run with the owner''s rights.'
    );
  end if;
  select rolname into owner_name from pg_roles where oid = table_row.relowner;

  -- The settings ---------------------------------------------------------------------------------------------------
  name := coalesce(name, table_row.relname);
  events := array_to_string(array(
    select word from regexp_split_to_table(lower(btrim(events)), E'\\s+or\\s+') as word order by word
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

  select rolname into offender from pg_roles where oid = table_row.relowner;
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

  -- Each expression is tried as a CHECK of an empty copy of the table: it sees the table's columns by their bare names,
  -- and can have no subquery, aggregate, window or set. The constraint knows which columns and functions it uses. The
  -- copy is called as the row is in the functions. All of it is rolled back.
  probe := format('%I.talkme_row', table_row.nspname);
  begin
    execute format('create table %s (like %s)', probe, source);
    for item in
      select 'when' as key, to_jsonb(coalesce(condition, 'true')) as value, 'boolean' as type
      union all
      select m.key, m.value, coalesce(types ->> m.key, 'pg_catalog.text')
      from jsonb_each(define_capture.map) as m
    loop
      written := talkme.capture_expression(item.key, item.value);
      begin
        perform talkme.check_one_expression(written);
        perform set_config('search_path', caller_path, true);
        execute format(
          case item.key when 'when' then E'alter table %s add constraint talkme_capture_probe check (%s\n) not valid'
            when 'info_contato' then E'alter table %s add constraint talkme_capture_probe check (pg_catalog.jsonb_typeof(%s\n) is not null) not valid'
            when 'metadata' then E'alter table %s add constraint talkme_capture_probe check (pg_catalog.jsonb_typeof(%s\n) is not null) not valid'
            else E'alter table %s add constraint talkme_capture_probe check (((%s\n)::%s) is not null) not valid' end,
          probe, written, item.type
        );
      exception when others then
        get stacked diagnostics refused = message_text, state = returned_sqlstate, offender = pg_exception_hint;
        perform set_config('search_path', 'pg_catalog, pg_temp', true);
        refused := regexp_replace(refused, ' in check constraints?| of CHECK', '');
        refused := replace(refused, ' at end of input', ' at its end');
        if refused ~ '^function pg_catalog.jsonb_typeof' then
          refused := 'it is no jsonb';
          state := '42804';
          offender := 'Write an expression of type jsonb, such as jsonb_build_object(''nome'', customer), or single variables: info_contato.nome.';
        end if;
        perform talkme.refuse_capture(
          'capture_expression', state,
          format('%s is wrong: %s', case item.key when 'when' then 'the condition (when)' else 'the entry ' || item.key end, refused),
          coalesce(nullif(offender, ''), format(
            'Write one SQL expression over the bare names of the columns of %s%s; a text that is always the same is {"value": "text"}.',
            source, case item.key when 'when' then '' else ', which can be cast to ' || replace(item.type, 'pg_catalog.', '') end
          ))
        );
      end;
      perform set_config('search_path', 'pg_catalog, pg_temp', true);

      used := array(
        select coalesce(a.attname, '')
        from pg_constraint as c cross join unnest(c.conkey) as number
        left join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = number and number > 0
        where c.conrelid = probe::regclass and c.conname = 'talkme_capture_probe'
        order by number
      );
      if '' = any (used) then
        perform talkme.refuse_capture(
          'capture_expression', '42703', format('%s uses the whole row or a system column', item.key), 'Name the columns that it needs.'
        );
      end if;
      select a.attname into offender
      from pg_attribute as a
      where a.attrelid = source and a.attname = any (used) and a.attgenerated = 'v';
      if found then
        perform talkme.refuse_capture(
          'capture_expression', '0A000', format('%s uses the virtual generated column %I', item.key, offender),
          'PostgreSQL does not work it out for triggers: write its expression, or make it STORED.'
        );
      end if;

      -- Whoever can change a function that the owner runs acts as the owner.
      select coalesce(p.oid::regprocedure::text, t.oid::regtype::text) || ', which belongs to '
        || coalesce(p.proowner, t.typowner)::regrole::text
      into offender
      from pg_constraint as c
      join pg_depend as d on d.classid = 'pg_constraint'::regclass and d.objid = c.oid
      left join pg_operator as o on d.refclassid = 'pg_operator'::regclass and o.oid = d.refobjid
      left join pg_proc as p on p.oid = case d.refclassid when 'pg_proc'::regclass then d.refobjid else o.oprcode end
      left join pg_type as t on d.refclassid = 'pg_type'::regclass and t.oid = d.refobjid and t.typtype = 'd'
      where c.conrelid = probe::regclass and c.conname = 'talkme_capture_probe'
        and not pg_has_role(coalesce(p.proowner, t.typowner), table_row.relowner, 'member')
      limit 1;
      if found then
        perform talkme.refuse_capture(
          'capture_function_owner', '42501', format('%s uses %s', item.key, offender),
          format('It would run with the rights of %s: use functions of %s or of a superuser.', owner_name, owner_name)
        );
      end if;
      for offender in
        select p.oid::regprocedure::text
        from pg_constraint as c
        join pg_depend as d on d.classid = 'pg_constraint'::regclass and d.objid = c.oid and d.refclassid = 'pg_proc'::regclass
        join pg_proc as p on p.oid = d.refobjid
        join pg_language as l on l.oid = p.prolang
        where c.conrelid = probe::regclass and c.conname = 'talkme_capture_probe'
          and l.lanname not in ('internal', 'c') and p.prosqlbody is null
          and not exists (select from unnest(p.proconfig) as s where s like 'search_path=%')
      loop
        raise warning using
          message = format('talkme.capture: %s uses %s, which runs with search_path = pg_catalog, pg_temp', item.key, offender),
          hint = format('If it uses names without a schema, give it its own: alter function %s set search_path = ...', offender);
      end loop;

      execute format('alter table %s drop constraint talkme_capture_probe', probe);
      if item.key = 'when' then
        when_columns := used;
        condition := written;
        continue;
      end if;
      map_columns := map_columns || used;
      entries := entries || item.key;
      if item.key ~ '^(numero_dest|email_dest|info_contato[.](nome|documento|email|telefone.|endereco))$' then
        personal := personal || used;
      end if;
      written := format(
        E'case when $2 is null or $2 operator(pg_catalog.=) %L then (%s\n      )::%s end', item.key, written, item.type
      );
      if item.key ^@ 'info_contato.' then
        info_fields := info_fields || format(E'      %L, %s', substr(item.key, 14), written);
      else
        targets := targets || item.key;
        fields := fields || format('    %s as %s', written, item.key);
      end if;
    end loop;
    -- Undoes the copy; variables keep what was learnt.
    raise exception using errcode = 'TKM00';
  exception when sqlstate 'TKM00' then null;
  end;
  perform set_config('search_path', 'pg_catalog, pg_temp', true);
  if events ~ 'update' and not each_time and when_columns = '{}' then
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

  -- What is created ------------------------------------------------------------------------------------------------
  key_columns := array(
    select a.attname
    from pg_index as i cross join unnest(i.indkey) with ordinality as k (number, place)
    join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.number
    where i.indrelid = source and i.indisprimary and a.attname <> all (personal) and coalesce(a.attgenerated, '') <> 'v'
    order by k.place
  );
  functions := format('%I.talkme_capture_%s', table_row.nspname, name);

  -- Values as they are called in the expressions. $1 is the row: a column may have any name.
  select coalesce(E'\n  from (select ' || string_agg(format('($1).%1$I as %1$I', c), ', ') || ') as talkme_row', '')
  into in_row from (select distinct c from unnest(when_columns) as c order by c) as c;
  statements := statements || format(
    E'create function %s_when(captured %s) returns boolean\nlanguage sql\nbegin atomic\n  select (%s\n  )::boolean%s;\nend',
    functions, format('%I.%I', table_row.nspname, table_row.relname), condition, in_row
  );

  select coalesce(E'\n  from (select ' || string_agg(format('($1).%1$I as %1$I', c), ', ') || ') as talkme_row', '')
  into in_row from (select distinct c from unnest(map_columns) as c order by c) as c;
  if info_fields <> '{}' then
    targets := targets || text 'info_contato';
    fields := fields || format(
      E'    pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(\n%s\n    )) as info_contato',
      array_to_string(info_fields, E',\n')
    );
  end if;
  fields := fields || case when key_columns = '{}' then '    null::pg_catalog.jsonb as key' else format(
    '    pg_catalog.jsonb_build_object(%s) as key',
    (select string_agg(format('%1$L, ($1).%1$I', c), ', ') from unnest(key_columns) as c)
  ) end;
  statements := statements || format(
    E'create function %s_map(\n  captured %s, entry pg_catalog.text,\n  %s,\n  out key pg_catalog.jsonb\n)\nlanguage sql\nbegin atomic\n  select\n%s%s;\nend',
    functions, format('%I.%I', table_row.nspname, table_row.relname),
    (select string_agg(format('out %s %s', t, types ->> t), ', ' order by place) from unnest(targets) with ordinality as u (t, place)),
    array_to_string(fields, E',\n'), in_row
  );

  insertion := format(
    E'insert into talkme.outbox (%s)\n%%1$svalues (%s)\n%%1$son conflict do nothing;',
    array_to_string(targets, ', '),
    (select string_agg(case t
      when 'account' then 'coalesce(mapped.account, '''')'
      when 'priority' then 'coalesce(mapped.priority, 0)'
      when 'send_at' then 'coalesce(mapped.send_at, now())'
      when 'info_contato' then 'nullif(mapped.info_contato, ''{}'')'
      else 'mapped.' || t
    end, ', ' order by place) from unnest(targets) with ordinality as u (t, place))
  );
  insertion := format(
    E'%%1$sperform set_config(''talkme.capture'', %s, true);\n%%1$s%s\n%%1$sperform set_config(''talkme.capture'', '''', true);\n',
    quote_literal(name) || ' || '' '' || tg_relid::regclass || '' '' || coalesce(mapped.key::text, ''(no primary key)'')',
    insertion
  );
  body := concat(
    E'\ndeclare\n  mapped record;\n  rule   text;\n  remedy text;\nbegin\n  begin\n',
    format(E'    if %s_when(new) is not true then\n      return null;\n    end if;\n', functions),
    case when events ~ 'update' and not each_time then format(
      E'    if tg_op = ''UPDATE'' then\n      if %s_when(old) then\n        return null;\n      end if;\n    end if;\n', functions
    ) end,
    format(E'    mapped := %s_map(new, null);\n', functions),
    case on_error when 'record' then format(insertion, '    ') end,
    E'  exception when others then\n',
    E'    get stacked diagnostics rule = constraint_name, remedy = pg_exception_hint;\n',
    format(
      E'    perform talkme.capture_failed(\n      %L, %L, %L, %L::text[], new, tg_relid, tg_op, sqlstate, rule, sqlerrm, remedy\n    );\n',
      name, functions, on_error, entries
    ),
    E'    return null;\n  end;\n',
    case on_error when 'block' then format(insertion, '  ') end,
    E'  return null;\nend\n'
  );
  while position(tag in body) > 0 loop
    tag := '$' || replace(tag, '$', '') || '_$';
  end loop;
  statements := statements || format(
    E'create function %s() returns trigger\nlanguage plpgsql\nsecurity definer\nset search_path = pg_catalog, pg_temp\nas %s%s%s',
    functions, tag, body, tag
  );

  if events ~ 'insert' then
    statements := statements || format(
      E'create trigger talkme_capture_%s_insert after insert on %I.%I\n  for each row execute function %s()',
      name, table_row.nspname, table_row.relname, functions
    );
  end if;
  if events ~ 'update' then
    statements := statements || format(
      E'create trigger talkme_capture_%s_update after update on %I.%I\n  for each row%s execute function %s()',
      name, table_row.nspname, table_row.relname,
      case when not each_time then format(
        E' when (pg_catalog.record_image_ne(row(%s), row(%s)))\n ',
        (select string_agg(format('old.%I', c), ', ') from unnest(when_columns) as c),
        (select string_agg(format('new.%I', c), ', ') from unnest(when_columns) as c)
      ) end,
      functions
    );
  end if;
  foreach written in array array[
    format('%s()', functions),
    format('%s_when(%I.%I)', functions, table_row.nspname, table_row.relname),
    format('%s_map(%I.%I, pg_catalog.text)', functions, table_row.nspname, table_row.relname)
  ] loop
    statements := statements || format('revoke execute on function %s from public', written);
    if owner_name <> current_user then
      statements := statements || format('alter function %s owner to %I', written, owner_name);
    end if;
  end loop;
  statements := statements || format(
    E'select talkme.register_capture(\n  %L, %L, %L,\n  %L,\n  %L, %L, %L\n)',
    name, format('%I.%I', table_row.nspname, table_row.relname), condition, map, events, each_time, on_error
  );

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
