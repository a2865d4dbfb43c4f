create or replace view talkme.captures as
select
  r.name, r.source, r.condition, r.map, r.events, r.each_time, r.on_error, r.created_by, r.created_at,
  (select count(*) from talkme.capture_error as e where e.capture = r.name) as errors,
  case
    when c.oid is null then 'broken: ' || talkme.say('broken.table')
    when f.functions < 3 or f.owner is null then 'broken: ' || talkme.say('broken.functions', jsonb_build_object('schema', r.schema_name))
    when t.triggers < (case r.events when 'insert or update' then 2 else 1 end) then 'broken: ' || talkme.say('broken.trigger')
    when f.owner <> c.relowner then 'broken: ' || talkme.say('broken.owner')
    when jsonb_typeof(r.map) <> 'object' then 'broken: ' || talkme.say('broken.map')
    when not has_schema_privilege(c.relowner, 'talkme', 'usage') or exists (
      -- By number: for a missing column PostgreSQL would raise an error to everybody who looks.
      select from jsonb_object_keys(case jsonb_typeof(r.map) when 'object' then r.map else '{}' end) as k
      left join pg_catalog.pg_attribute as a
        on a.attrelid = 'talkme.outbox'::regclass and a.attname = split_part(k, '.', 1) and a.attnum > 0
      where has_column_privilege(c.relowner, 'talkme.outbox', a.attnum, 'insert') is not true
    ) then 'broken: ' || talkme.say('broken.producer')
    when t.disabled > 0 then 'off: ' || talkme.say('off.trigger')
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
comment on column talkme.captures.condition is 'Which rows become messages, as it was written';
comment on column talkme.captures.map is 'The outbox''s columns and the expressions that give their values, as they were written';
comment on column talkme.captures.events is 'insert, update, or insert or update';
comment on column talkme.captures.each_time is 'Whether each update of a row that meets the condition counts';
comment on column talkme.captures.on_error is 'block or record';
comment on column talkme.captures.created_by is 'Who created it';
comment on column talkme.captures.created_at is 'When it was created or last replaced';
comment on column talkme.captures.errors is 'How many entries it has in talkme.capture_error';
comment on column talkme.captures.status is 'on; off: ... while its trigger is disabled; broken: ... and why';
comment on column talkme.captures.schema_name is 'Where its functions are';
comment on column talkme.captures.table_exists is 'Whether the table is still there';

grant select on talkme.captures to talkme_operator, talkme_producer, talkme_viewer;
