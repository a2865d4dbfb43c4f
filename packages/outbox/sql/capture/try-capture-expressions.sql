-- Resolves the names in the expressions as the caller would, and all others as written here.
create or replace function talkme.try_capture_expressions(
  caller_path text, source regclass, condition text, map jsonb
) returns talkme.capture_part[]
language plpgsql
set search_path = pg_catalog, pg_temp
set standard_conforming_strings = on
set lock_timeout = '3s'
as $$
declare
  types     constant jsonb := talkme.capture_types();
  tried     talkme.capture_part[] := '{}';
  table_row record;
  probe     text;
  item      record;
  written   text;
  used      text[];
  refused   text;
  state     text;
  offender  text;
  its_owner text;
begin
  -- Tries each expression as a CHECK of an empty copy of the table: there it sees the table's columns by their bare names, and can
  -- have no subquery, aggregate, window or set. The constraint knows which columns and functions it uses. The copy has the name
  -- that the row has in the functions. All of it is rolled back.
  select n.nspname, c.relowner into table_row from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where c.oid = source;
  probe := format('%I.talkme_row', table_row.nspname);
  begin
    execute format('create table %s (like %s)', probe, source);
    for item in
      select 'when' as key, to_jsonb(coalesce(condition, 'true')) as value, 'boolean' as type
      union all
      select m.key, m.value, coalesce(types ->> m.key, 'pg_catalog.text')
      from jsonb_each(map) as m
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
          refused := talkme.say('capture_expression.jsonb');
          state := '42804';
          offender := talkme.say('capture_expression.jsonb.hint');
        end if;
        perform talkme.refuse_capture(
          'capture_expression', state,
          jsonb_build_object(
            'entry', item.key, 'fault', refused, 'table', source::text, 'type', replace(item.type, 'pg_catalog.', ''),
            'hint', nullif(offender, '')
          ),
          case item.key when 'when' then 'capture_expression.when' else 'capture_expression.entry' end
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
          'capture_expression', '42703', jsonb_build_object('entry', item.key), 'capture_expression.row'
        );
      end if;
      select a.attname into offender
      from pg_attribute as a
      where a.attrelid = source and a.attname = any (used) and a.attgenerated = 'v';
      if found then
        perform talkme.refuse_capture(
          'capture_expression', '0A000', jsonb_build_object('entry', item.key, 'column', quote_ident(offender)),
          'capture_expression.virtual'
        );
      end if;

      -- Whoever can change a function that the owner runs acts as the owner. The schema's owner can anyway: its triggers run with the
      -- rights of whoever inserts a message.
      select coalesce(p.oid::regprocedure::text, t.oid::regtype::text), coalesce(p.proowner, t.typowner)::regrole::text
      into offender, its_owner
      from pg_constraint as c
      join pg_depend as d on d.classid = 'pg_constraint'::regclass and d.objid = c.oid
      left join pg_operator as o on d.refclassid = 'pg_operator'::regclass and o.oid = d.refobjid
      left join pg_proc as p on p.oid = case d.refclassid when 'pg_proc'::regclass then d.refobjid else o.oprcode end
      left join pg_type as t on d.refclassid = 'pg_type'::regclass and t.oid = d.refobjid and t.typtype = 'd'
      where c.conrelid = probe::regclass and c.conname = 'talkme_capture_probe'
        and not pg_has_role(coalesce(p.proowner, t.typowner), table_row.relowner, 'member')
        and coalesce(p.proowner, t.typowner) <> (select nspowner from pg_namespace where nspname = 'talkme')
      limit 1;
      if found then
        perform talkme.refuse_capture(
          'capture_function_owner', '42501', jsonb_build_object(
            'entry', item.key, 'function', offender, 'owner', its_owner, 'table_owner', pg_get_userbyid(table_row.relowner)
          )
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
          message = talkme.say('capture.path', jsonb_build_object('entry', item.key, 'function', offender)),
          hint = talkme.say('capture.path.hint', jsonb_build_object('function', offender));
      end loop;

      execute format('alter table %s drop constraint talkme_capture_probe', probe);
      tried := tried || row(item.key, item.type, written, used)::talkme.capture_part;
    end loop;
    -- Undoes the copy; variables keep their values.
    raise exception using errcode = 'TKM00';
  exception when sqlstate 'TKM00' then null;
  end;
  perform set_config('search_path', 'pg_catalog, pg_temp', true);
  return tried;
end
$$;

comment on function talkme.try_capture_expressions(text, regclass, text, jsonb) is
  'Refuses the expressions of a capture that could not run for each row of the table; returns them with the columns that they use';

revoke execute on function talkme.try_capture_expressions(text, regclass, text, jsonb) from public;
grant execute on function talkme.try_capture_expressions(text, regclass, text, jsonb) to talkme_producer;
