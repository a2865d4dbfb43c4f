-- Capture: rows of the customer's own tables become messages, in their own transactions. How to use it: docs/sql.md.
--
-- A capture is a trigger and three functions in the schema of the table, and they belong to the table's owner:
--
--   talkme_capture_NAME_when(row)         whether a row is meant
--   talkme_capture_NAME_map(row, entry)   the values of the outbox's columns; with an entry, that one alone
--   talkme_capture_NAME()                 the trigger's function, SECURITY DEFINER
--
-- So expressions run with the rights of whoever owns the table, never with those of the schema talkme; the application
-- that changes the table needs no right here; and the table's owner has to be a producer, for else nobody could say who
-- let the messages out. They are not in the schema talkme because whoever may create a function there could give one of
-- our own functions a better match for its arguments, and would act as the schema's owner.
--
-- The first two have SQL-standard bodies: names are resolved once, at creation; PostgreSQL follows a renamed column and
-- refuses to drop a used one, as it does for a view.

create table talkme.capture_rule (
  name          text        not null,
  source        regclass    not null,
  schema_name   name        not null,
  condition     text        not null,
  map           jsonb       not null,
  events        text        not null,
  each_time     boolean     not null,
  on_error      text        not null,
  created_by    name        not null default talkme.caller(),
  created_at    timestamptz not null default now(),

  constraint capture_rule_pkey primary key (name),
  -- What talkme.captures reads of it must not fail for everybody who looks.
  constraint capture_rule_map_object check (jsonb_typeof(map) = 'object')
);

comment on table talkme.capture_rule is 'What talkme.capture was asked for. The triggers are what counts: talkme.captures shows both';
comment on column talkme.capture_rule.name is 'Name of the capture';
comment on column talkme.capture_rule.source is 'The customer''s table';
comment on column talkme.capture_rule.schema_name is 'Where the functions of the capture are: the schema that the table was in';
comment on column talkme.capture_rule.condition is 'Which rows are meant, as an SQL expression over the table''s columns';
comment on column talkme.capture_rule.map is 'The outbox''s columns and the SQL expressions that give their values';
comment on column talkme.capture_rule.events is 'insert, update, or insert or update';
comment on column talkme.capture_rule.each_time is 'Whether each update of a row that meets the condition counts, or only one that makes it meet the condition';
comment on column talkme.capture_rule.on_error is 'block: an error fails the customer''s transaction; record: it is written to talkme.capture_error';
comment on column talkme.capture_rule.created_by is 'Who created it';
comment on column talkme.capture_rule.created_at is 'When it was created or last replaced';

create table talkme.capture_error (
  id            bigint      generated always as identity,
  at            timestamptz not null default now(),
  capture       text        not null,
  source        text        not null,
  event         text        not null,
  key           jsonb,
  entry         text,
  sqlstate      text        not null,
  rule          text,
  message       text        not null,
  hint          text        not null,
  written_by    name        not null default talkme.caller(),

  constraint capture_error_pkey primary key (id)
);

create index capture_error_capture on talkme.capture_error (capture, at);

comment on table talkme.capture_error is 'Rows that a capture with on_error => ''record'' could not turn into a message: nothing was sent for them';
comment on column talkme.capture_error.id is 'Number of the entry';
comment on column talkme.capture_error.at is 'When the transaction began';
comment on column talkme.capture_error.capture is 'Name of the capture';
comment on column talkme.capture_error.source is 'The customer''s table, or its partition';
comment on column talkme.capture_error.event is 'INSERT or UPDATE';
comment on column talkme.capture_error.key is 'Primary key of their row; without columns that give the recipient';
comment on column talkme.capture_error.entry is 'The entry of the map that failed, or when; null if the outbox refused the row as a whole';
comment on column talkme.capture_error.sqlstate is 'The SQLSTATE';
comment on column talkme.capture_error.rule is 'The constraint, where there is one';
comment on column talkme.capture_error.message is 'What went wrong; values are left out';
comment on column talkme.capture_error.hint is 'What to do';
comment on column talkme.capture_error.written_by is 'Who changed the captured row; or who has called record_capture_error, which the owner of its table may';


-- Errors ------------------------------------------------------------------------------------------------------------

create function talkme.refuse_capture(
  rule text, state text, complaint text, remedy text
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = state, schema = 'talkme', constraint = rule, message = 'talkme.capture: ' || complaint, hint = remedy;
end
$$;

comment on function talkme.refuse_capture(text, text, text, text) is 'Refuses what talkme.capture was asked for, under the name of a rule';

-- PostgreSQL quotes the value that it could not read, and that may be a person's.
create function talkme.without_values(message text) returns text
language sql immutable parallel safe
return pg_catalog.regexp_replace(
  pg_catalog.regexp_replace(message, '(: )".*"', E'\\1"..."', 'g'), E'\\S+@\\S+|[+]?\\d[\\d ().-]{6,}\\d', '...', 'g'
);

comment on function talkme.without_values(text) is 'An error''s message without what may be a person''s: quoted input, addresses, long numbers';

-- Within a capture (0002 has it without), the refusal says so: the trigger's function sets talkme.capture meanwhile.
create or replace function talkme.outbox_refuse(rule text, complaint text, remedy text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  capture text[] := regexp_match(current_setting('talkme.capture', true), '^([^[:space:]]+)(?: (.+))?$');
begin
  if capture is null then
    raise exception using
      errcode = 'check_violation', schema = 'talkme', table = 'outbox',
      constraint = rule, message = complaint, hint = remedy;
  end if;
  raise exception using
    errcode = 'check_violation', schema = 'talkme', table = 'outbox', constraint = rule,
    message = format('capture %s: %s%s', capture[1], complaint, case rule
      when 'outbox_recipient_given' then ' (numero_dest, email_dest)'
      when 'outbox_target_given' then ' (id_campanha, id_wpp)'
    end),
    hint = remedy,
    detail = format('Row of the table: %s. The map: select map from talkme.captures where name = %L', capture[2], capture[1]);
end
$$;

-- Within a capture the current user is the owner of its functions, whoever changed the row.
create function talkme.may_record(capture text, who name) returns boolean
language sql stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select exists (
    select
    from talkme.capture_rule as r
    join pg_trigger as t
      on t.tgrelid = r.source and t.tgname in ('talkme_capture_' || r.name || '_insert', 'talkme_capture_' || r.name || '_update')
    join pg_proc as p on p.oid = t.tgfoid
    where r.name = may_record.capture and r.on_error = 'record' and pg_has_role(who, p.proowner, 'usage')
  );
end;

comment on function talkme.may_record(text, name) is 'Whether a capture records its errors, and they are a role''s to tell';

alter table talkme.capture_error enable row level security;
create policy capture_error_everybody on talkme.capture_error to public using (true) with check (true);

-- With the rights of whoever calls it: nobody tells of the errors of another's capture.
create function talkme.record_capture_error(
  capture text, source text, event text, key jsonb, entry text, sqlstate text, rule text, message text, hint text
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if not talkme.may_record(capture, current_user) then
    perform talkme.refuse_capture(
      'capture_known', '42704', format('there is no capture %I of %s that records its errors', capture, current_user),
      'See talkme.captures.'
    );
  end if;
  insert into talkme.capture_error (capture, source, event, key, entry, sqlstate, rule, message, hint)
  values (capture, source, event, key, entry, sqlstate, rule, message, hint);
end
$$;

comment on function talkme.record_capture_error(text, text, text, jsonb, text, text, text, text, text) is
  'Writes an entry of talkme.capture_error; captures call it';

-- Runs with the rights of the table's owner, as the capture itself: it evaluates the expressions again, one by one.
create function talkme.capture_failed(
  capture text, functions text, on_error text, entries text[], captured anyelement, source regclass, event text,
  state text, rule text, message text, remedy text
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  culprit text;
  key     jsonb;
begin
  -- What a second try may cure, or nobody can: for the application, whatever the capture was told to do with errors.
  if left(state, 2) in ('40', '53', '57', '58', 'XX') then
    raise exception using errcode = state, message = format('capture %s: %s', capture, talkme.without_values(message));
  end if;

  -- Not the row's fault: somebody has dropped a part of the capture.
  if to_regprocedure(format('%s_map(%s, text)', functions, pg_typeof(captured))) is null then
    raise exception using
      errcode = state, constraint = 'capture_broken',
      message = format('capture %s is broken: a function of it is gone', capture),
      hint = format('Drop it by talkme.drop_capture(%L), or create it anew by talkme.capture with replace => true.', capture);
  end if;

  begin
    execute format('select key from %s_map($1, ''key'')', functions) using captured into key;
  exception when others then null;
  end;
  foreach culprit in array array['when'] || entries loop
    begin
      if culprit = 'when' then
        execute format('select %s_when($1)', functions) using captured;
      else
        execute format('select from %s_map($1, $2)', functions) using captured, culprit;
      end if;
    exception when others then
      message := sqlerrm;
      exit;
    end;
    culprit := null;
  end loop;

  message := regexp_replace(talkme.without_values(message), '^capture [^[:space:]]+: ', '');
  culprit := coalesce(culprit, (select e from unnest(entries) as e where message ~ (E'\\m' || e || E'\\M') order by length(e) desc limit 1));
  remedy := coalesce(
    nullif(remedy, ''),
    format('Correct the row, or the map: select map from talkme.captures where name = %L.', capture)
  );
  if on_error = 'record' then
    perform talkme.record_capture_error(
      capture, source::text, event, key, culprit, state, nullif(rule, ''), message,
      remedy || ' Nothing was sent for the row: once it is mended, let it meet the condition anew, or insert the message yourself.'
    );
    return;
  end if;
  raise exception using
    errcode = state,
    constraint = coalesce(nullif(rule, ''), 'capture_failed'),
    message = format('capture %s: %s cannot be worked out: %s', capture, coalesce(culprit, 'the message'), message),
    detail = format('Row of the table: %s %s.', source, coalesce(key::text, '(no primary key)')),
    hint = remedy;
end
$$;

comment on function talkme.capture_failed(text, text, text, text[], anyelement, regclass, text, text, text, text, text) is
  'Finds which expression of a capture fails for a row, and raises or records it; captures call it';


-- Expressions -------------------------------------------------------------------------------------------------------

-- That a text is one expression, and nothing that closes a parenthesis and goes on, only PostgreSQL's own parser can
-- say. It reads the whole string before it looks at the first statement, and that one always fails: nothing of the
-- text is ever looked up or run. In each of three surroundings it has to be well-formed by itself:
--
--   (...)          an open quote, dollar quote or comment never ends, for nothing that could end it follows
--   array[...]     a parenthesis that it closes without having opened it does not fit the bracket
--   case ... end   it is one expression and not a list
--
-- What is well-formed in all three is an expression between balanced brackets of its own, and may be put into
-- parentheses anywhere. The newline ends a comment.
create function talkme.check_one_expression(expression text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set standard_conforming_strings = on
as $$
declare
  surroundings text;
begin
  foreach surroundings in array array[E'(%s\n)', E'array[%s\n]', E'case when true then %s\n end'] loop
    begin
      execute 'select from pg_catalog.talkme_only_parses; select ' || replace(surroundings, '%s', expression);
    exception
      when undefined_table then
        if sqlerrm !~ 'talkme_only_parses' then
          raise;
        end if;
    end;
  end loop;
end
$$;

comment on function talkme.check_one_expression(text) is
  'Raises the parser''s error unless the text is a single SQL expression; runs nothing of it';


-- What a capture may be asked for -----------------------------------------------------------------------------------

create function talkme.capture_types() returns jsonb
language sql immutable parallel safe
return '{
  "account": "pg_catalog.text", "id_campanha": "bigint", "id_wpp": "bigint", "numero_dest": "pg_catalog.text",
  "email_dest": "pg_catalog.text", "txtmsg": "pg_catalog.text", "assunto": "pg_catalog.text",
  "info_contato": "pg_catalog.jsonb", "priority": "smallint", "send_at": "timestamp with time zone",
  "expires_at": "timestamp with time zone", "dedupe_key": "pg_catalog.text", "max_attempts": "smallint",
  "on_unknown": "pg_catalog.text", "metadata": "pg_catalog.jsonb"
}'::jsonb;

comment on function talkme.capture_types() is 'The columns of the outbox that a map may give, and their types';

create function talkme.capture_expression(entry text, value jsonb) returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select case jsonb_typeof(value)
    when 'string' then value #>> '{}'
    when 'number' then value #>> '{}'
    when 'boolean' then value #>> '{}'
    when 'object' then case
      when value - 'value' <> '{}' or jsonb_typeof(value -> 'value') = 'null' then null
      when entry = 'metadata' or entry = 'info_contato' and jsonb_typeof(value -> 'value') = 'object'
        then quote_literal((value -> 'value')::text)
      when entry <> 'info_contato' and jsonb_typeof(value -> 'value') in ('string', 'number', 'boolean')
        then quote_literal(value ->> 'value')
    end
  end;
end;

comment on function talkme.capture_expression(text, jsonb) is 'The SQL expression that an entry of a map stands for; null if it is none';

-- Also for those who register a capture without talkme.capture, as what it prints does: nothing gets into the list that
-- talkme.capture would refuse for its form. Whether expressions fit the table, its functions say.
create function talkme.check_capture_request(
  name text, condition text, map jsonb, events text, each_time boolean, on_error text
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set standard_conforming_strings = on
as $$
declare
  longest   constant integer := 10000;
  types     constant jsonb := talkme.capture_types();
  variables constant text[] := array[
    'documento', 'nome', 'telefone1', 'telefone2', 'telefone3', 'email', 'endereco', 'bairro', 'cep', 'cidade',
    'estado', 'pais', 'geral1', 'geral2', 'geral3', 'geral4', 'geral5'
  ];
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
  for entry in select key, value from jsonb_each(map) loop
    if not types ? entry.key and (entry.key !~ '^info_contato[.]' or substr(entry.key, 14) <> all (variables)) then
      perform talkme.refuse_capture(
        'capture_map_known', '42703',
        format('the map has the entry %s, which is nothing that a message has', quote_ident(left(entry.key, 63))),
        format('A message has %s; and info_contato. followed by %s.',
          (select string_agg(t, ', ') from jsonb_object_keys(types) as t), array_to_string(variables, ', '))
      );
    end if;
    if talkme.capture_expression(entry.key, entry.value) is null then
      perform talkme.refuse_capture(
        'capture_map_value', '22023', format('the entry %s is no SQL expression', entry.key),
        case entry.key
          when 'info_contato' then 'Write an expression of type jsonb as a JSON string, or variables that are always the same as {"value": {"nome": "text"}}.'
          else 'Write an expression as a JSON string, a number as it is, and a text that is always the same as {"value": "text"}.'
        end
      );
    end if;
    if length(talkme.capture_expression(entry.key, entry.value)) > longest then
      perform talkme.refuse_capture(
        'capture_map_value', '22023',
        format('the entry %s has %s characters', entry.key, length(talkme.capture_expression(entry.key, entry.value))),
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


-- Capture -----------------------------------------------------------------------------------------------------------

-- The expressions' names are resolved as the caller would, all else in here as it is written. A trigger is created
-- behind whatever writes the table, and with all later writers behind it: it does not wait for long.
create function talkme.define_capture(
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

create function talkme.capture(
  source regclass, "when" text, map jsonb, name text default null, events text default 'insert or update',
  each_time boolean default false, on_error text default 'block', replace boolean default false,
  print boolean default false
) returns text
language sql
return talkme.define_capture(
  pg_catalog.current_setting('search_path'), source, "when", map, name, events, each_time, on_error, replace, print
);

comment on function talkme.capture(regclass, text, jsonb, text, text, boolean, text, boolean, boolean) is
  'Makes a message of each row of your table that comes to meet a condition, in the same transaction; print => true shows what it would create';


create function talkme.drop_capture(name text) returns text
language plpgsql
set search_path = pg_catalog, pg_temp
set lock_timeout = '3s'
as $$
declare
  capture record;
  part    record;
begin
  select c.name, c.source, c.schema_name, c.table_exists into capture
  from talkme.captures as c
  where c.name = drop_capture.name;
  if not found then
    perform talkme.refuse_capture(
      'capture_known', '42704', format('there is no capture %L', name), 'select name, source from talkme.captures lists them.'
    );
  end if;
  -- First, because it is what says who may.
  perform talkme.unregister_capture(name);
  for part in
    select t.tgname, t.tgrelid::regclass as source
    from pg_trigger as t
    where t.tgrelid = capture.source and t.tgparentid = 0
      and t.tgname in ('talkme_capture_' || name || '_insert', 'talkme_capture_' || name || '_update')
  loop
    execute format('drop trigger %I on %s', part.tgname, part.source);
  end loop;
  for part in
    select p.oid::regprocedure as function
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    where n.nspname = capture.schema_name
      and p.proname in ('talkme_capture_' || name, 'talkme_capture_' || name || '_when', 'talkme_capture_' || name || '_map')
    order by p.proname
  loop
    execute format('drop function %s', part.function);
  end loop;
  return format('The capture %s is gone. Messages that it inserted stay.', name);
end
$$;

comment on function talkme.drop_capture(text) is 'Removes a capture: its trigger and functions. Messages that it inserted stay';


create function talkme.register_capture(
  name text, source regclass, condition text, map jsonb, events text, each_time boolean, on_error text
) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from pg_class as c where c.oid = source and pg_has_role(talkme.caller(), c.relowner, 'usage')) then
    perform talkme.refuse_capture(
      'capture_owner', '42501', format('%s does not belong to %s', source, talkme.caller()), 'Only the owner of a table may have its rows captured.'
    );
  end if;
  perform talkme.check_capture_request(name, condition, map, events, each_time, on_error);
  -- What is listed is there: the triggers that the events need, and the function of the table's owner that they call.
  if (
    select count(*) from pg_trigger as t
    join pg_class as c on c.oid = t.tgrelid
    join pg_proc as p on p.oid = t.tgfoid and p.pronamespace = c.relnamespace and p.proowner = c.relowner
    where t.tgrelid = source and p.proname = 'talkme_capture_' || register_capture.name
      and t.tgname = any (array(
        select 'talkme_capture_' || register_capture.name || '_' || event from regexp_split_to_table(events, ' or ') as event
      ))
  ) < cardinality(regexp_split_to_array(events, ' or ')) then
    perform talkme.refuse_capture(
      'capture_known', '42704', format('%s has no trigger of a capture %L', source, name), 'Call talkme.capture.'
    );
  end if;
  if exists (select from talkme.capture_rule as r where r.name = register_capture.name) then
    perform talkme.refuse_capture(
      'capture_exists', '42710', format('there is a capture %I already', name),
      'Give it another name, or replace => true, or first talkme.drop_capture.'
    );
  end if;
  insert into talkme.capture_rule (name, source, schema_name, condition, map, events, each_time, on_error)
  select name, source, n.nspname, condition, map, events, each_time, on_error
  from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where c.oid = source;
  perform talkme.record_audit('capture', jsonb_build_object('name', name, 'table', source::text), 0, null);
end
$$;

comment on function talkme.register_capture(text, regclass, text, jsonb, text, boolean, text) is
  'Enters a capture into the list; talkme.capture calls it, and what it prints';

create function talkme.unregister_capture(name text) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  rule talkme.capture_rule;
  owner oid;
begin
  select * into rule from talkme.capture_rule as r where r.name = unregister_capture.name;
  select c.relowner into owner from pg_class as c where c.oid = rule.source;
  if not pg_has_role(talkme.caller(), coalesce(owner, to_regrole(quote_ident(rule.created_by)), 10), 'usage') then
    perform talkme.refuse_capture(
      'capture_owner', '42501', format('the capture %s does not belong to %s', name, talkme.caller()), 'Only the owner of its table may drop it.'
    );
  end if;
  delete from talkme.capture_rule as r where r.name = unregister_capture.name;
  perform talkme.record_audit('drop_capture', jsonb_build_object('name', name, 'table', rule.source::text), 0, null);
end
$$;

comment on function talkme.unregister_capture(text) is 'Takes a capture off the list; talkme.drop_capture calls it';


create view talkme.captures as
select
  r.name, r.source, r.condition, r.map, r.events, r.each_time, r.on_error, r.created_by, r.created_at,
  (select count(*) from talkme.capture_error as e where e.capture = r.name) as errors,
  case
    when c.oid is null then 'broken: its table is gone'
    when f.functions < 3 or f.owner is null then 'broken: its functions are gone from the schema ' || r.schema_name
    when t.triggers < (case r.events when 'insert or update' then 2 else 1 end) then 'broken: its trigger is gone'
    when f.owner <> c.relowner then 'broken: the table was given to another owner'
    when jsonb_typeof(r.map) <> 'object' then 'broken: its map is no JSON object'
    when not has_schema_privilege(c.relowner, 'talkme', 'usage') or exists (
      -- By number: of a column that is not there, or not any more, PostgreSQL would say so to everybody who looks.
      select from jsonb_object_keys(case jsonb_typeof(r.map) when 'object' then r.map else '{}' end) as k
      left join pg_catalog.pg_attribute as a
        on a.attrelid = 'talkme.outbox'::regclass and a.attname = split_part(k, '.', 1) and a.attnum > 0
      where has_column_privilege(c.relowner, 'talkme.outbox', a.attnum, 'insert') is not true
    ) then 'broken: the table''s owner may not insert into talkme.outbox'
    when t.disabled > 0 then 'off: its trigger is disabled'
    else 'on'
  end as status,
  r.schema_name,
  c.oid is not null as table_exists
from talkme.capture_rule as r
left join pg_catalog.pg_class as c on c.oid = r.source
cross join lateral (
  select count(*) as triggers, count(*) filter (where t.tgenabled in ('D', 'R')) as disabled
  from pg_catalog.pg_trigger as t
  where t.tgrelid = r.source and t.tgname in ('talkme_capture_' || r.name || '_insert', 'talkme_capture_' || r.name || '_update')
) as t
cross join lateral (
  select count(distinct p.proname) as functions,
    (array_agg(p.proowner) filter (where p.proname = 'talkme_capture_' || r.name))[1] as owner
  from pg_catalog.pg_proc as p
  join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
  where n.nspname = r.schema_name
    and p.proname in ('talkme_capture_' || r.name, 'talkme_capture_' || r.name || '_when', 'talkme_capture_' || r.name || '_map')
) as f;

comment on view talkme.captures is 'The captures, and whether they work';
comment on column talkme.captures.name is 'Name of the capture';
comment on column talkme.captures.source is 'The customer''s table';
comment on column talkme.captures.condition is 'Which rows are meant, as it was written';
comment on column talkme.captures.map is 'The outbox''s columns and the expressions that give their values, as they were written';
comment on column talkme.captures.events is 'insert, update, or insert or update';
comment on column talkme.captures.each_time is 'Whether each update of a row that meets the condition counts';
comment on column talkme.captures.on_error is 'block or record';
comment on column talkme.captures.created_by is 'Who created it';
comment on column talkme.captures.created_at is 'When it was created or last replaced';
comment on column talkme.captures.errors is 'How many entries talkme.capture_error has of it';
comment on column talkme.captures.status is 'on; off: ... while its trigger is disabled; broken: ... and why';
comment on column talkme.captures.schema_name is 'Where its functions are';
comment on column talkme.captures.table_exists is 'Whether the table is still there';


-- Captured rows come one by one, so that hold_burst never sees many: here those of a transaction are counted.
create function talkme.hold_captured_burst() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  most     integer;
  counts   jsonb;
  scope    text;
  first_id bigint;
  so_many  integer;
  reason   text;
begin
  select c.burst_limit into most from talkme.campaign as c where c.account = new.account and c.id_campanha = new.id_campanha;
  if most is null then
    return null;
  end if;
  counts := coalesce(nullif(current_setting('talkme.captured', true), ''), '{}');
  scope := new.account || '/' || new.id_campanha;
  first_id := coalesce((counts -> scope ->> 0)::bigint, new.id);
  so_many := coalesce((counts -> scope ->> 1)::integer, 0) + 1;
  perform set_config('talkme.captured', (counts || jsonb_build_object(scope, jsonb_build_array(first_id, so_many)))::text, true);
  if so_many > most then
    reason := format(
      'It is held because its transaction brought more than %s rows to the campaign. talkme.resume(''campaign:%s'') lets them go, talkme.cancel drops it.',
      most, new.id_campanha
    );
    update talkme.outbox as o
    set retry_at = talkme.held_until(), error_code = 'held_burst', error = reason
    where o.id = new.id;
    if so_many = most + 1 then
      -- It takes those before it along; created_at is the time of the transaction.
      update talkme.outbox as o
      set retry_at = talkme.held_until(), error_code = 'held_burst', error = reason
      where o.id >= first_id and o.id < new.id
        and o.account = new.account and o.id_campanha = new.id_campanha
        and o.created_at = new.created_at and o.created_by = new.created_by and o.status = 'pending';
    end if;
  end if;
  return null;
end
$$;

comment on function talkme.hold_captured_burst() is
  'Holds captured rows of a transaction that brings more of them to a campaign than its burst_limit';

create trigger hold_captured_burst
  after insert on talkme.outbox
  for each row when (current_setting('talkme.capture', true) <> '')
  execute function talkme.hold_captured_burst();


revoke execute on function talkme.refuse_capture(text, text, text, text) from public;
revoke execute on function talkme.without_values(text) from public;
revoke execute on function talkme.record_capture_error(text, text, text, jsonb, text, text, text, text, text) from public;
revoke execute on function talkme.capture_failed(text, text, text, text[], anyelement, regclass, text, text, text, text, text) from public;
revoke execute on function talkme.check_one_expression(text) from public;
revoke execute on function talkme.capture_types() from public;
revoke execute on function talkme.capture_expression(text, jsonb) from public;
revoke execute on function talkme.check_capture_request(text, text, jsonb, text, boolean, text) from public;
revoke execute on function talkme.define_capture(text, regclass, text, jsonb, text, text, boolean, text, boolean, boolean) from public;
revoke execute on function talkme.capture(regclass, text, jsonb, text, text, boolean, text, boolean, boolean) from public;
revoke execute on function talkme.drop_capture(text) from public;
revoke execute on function talkme.register_capture(text, regclass, text, jsonb, text, boolean, text) from public;
revoke execute on function talkme.unregister_capture(text) from public;
revoke execute on function talkme.hold_captured_burst() from public;
