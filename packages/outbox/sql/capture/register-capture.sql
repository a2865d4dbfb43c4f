create or replace function talkme.register_capture(
  name text, source regclass, condition text, map jsonb, events text, each_time boolean, on_error text
) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from pg_class as c where c.oid = source and pg_has_role(talkme.caller(), c.relowner, 'usage')) then
    perform talkme.refuse_capture(
      'capture_owner', '42501', jsonb_build_object('table', source::text, 'caller', talkme.caller()), 'capture_owner.other'
    );
  end if;
  perform talkme.check_capture_request(name, condition, map, events, each_time, on_error);
  -- What is listed has to exist: the triggers that the events need, and the function of the table's owner that they call.
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
      'capture_known', '42704', jsonb_build_object('table', source::text, 'name', name), 'capture_known.trigger'
    );
  end if;
  if exists (select from talkme.capture_rule as r where r.name = register_capture.name) then
    perform talkme.refuse_capture(
      'capture_exists', '42710', jsonb_build_object('name', quote_ident(name))
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
  'Enters a capture into the list; called by talkme.capture, and by what it prints';

revoke execute on function talkme.register_capture(text, regclass, text, jsonb, text, boolean, text) from public;
grant execute on function talkme.register_capture(text, regclass, text, jsonb, text, boolean, text) to talkme_producer;
