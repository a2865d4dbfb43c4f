create or replace function talkme.drop_capture(name text) returns text
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
      'capture_known', '42704', jsonb_build_object('name', name)
    );
  end if;
  -- First, because it checks who may.
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
  return talkme.say('capture.dropped', jsonb_build_object('name', name));
end
$$;

comment on function talkme.drop_capture(text) is 'Removes a capture: its trigger and functions. Messages that it inserted stay';

revoke execute on function talkme.drop_capture(text) from public;
grant execute on function talkme.drop_capture(text) to talkme_producer;
