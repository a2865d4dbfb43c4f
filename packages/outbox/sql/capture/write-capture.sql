-- Writes the statements and runs none: talkme.capture prints them, or runs them for its caller.
create or replace function talkme.write_capture(
  source regclass, parts talkme.capture_part[], map jsonb, name text, events text, each_time boolean, on_error text
) returns text[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
set standard_conforming_strings = on
as $$
declare
  types        constant jsonb := talkme.capture_types();
  table_row    record;
  owner_name   name;
  part         talkme.capture_part;
  written      text;
  condition    text;
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
begin
  select c.relname, n.nspname, pg_get_userbyid(c.relowner) as owner into table_row
  from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where c.oid = source;
  owner_name := table_row.owner;

  foreach part in array parts loop
    if part.entry = 'when' then
      when_columns := part.columns;
      condition := part.expression;
      continue;
    end if;
    map_columns := map_columns || part.columns;
    entries := entries || part.entry;
    if part.entry ~ '^(numero_dest|email_dest|info_contato[.](nome|documento|email|telefone.|endereco))$' then
      personal := personal || part.columns;
    end if;
    written := format(
      E'case when $2 is null or $2 operator(pg_catalog.=) %L then (%s\n      )::%s end', part.entry, part.expression, part.type
    );
    if part.entry ^@ 'info_contato.' then
      info_fields := info_fields || format(E'      %L, %s', substr(part.entry, 14), written);
    else
      targets := targets || part.entry;
      fields := fields || format('    %s as %s', written, part.entry);
    end if;
  end loop;

  key_columns := array(
    select a.attname
    from pg_index as i cross join unnest(i.indkey) with ordinality as k (number, place)
    join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.number
    where i.indrelid = source and i.indisprimary and a.attname <> all (personal) and coalesce(a.attgenerated, '') <> 'v'
    order by k.place
  );
  functions := format('%I.talkme_capture_%s', table_row.nspname, name);

  -- Values under the names that the expressions use. $1 is the row: a column may have any name.
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
  return statements;
end
$$;

comment on function talkme.write_capture(regclass, talkme.capture_part[], jsonb, text, text, boolean, text) is
  'The statements that create the functions and triggers of a capture, and enter it in talkme.capture_rule';

revoke execute on function talkme.write_capture(regclass, talkme.capture_part[], jsonb, text, text, boolean, text) from public;
grant execute on function talkme.write_capture(regclass, talkme.capture_part[], jsonb, text, text, boolean, text) to talkme_producer;
