create or replace function talkme.unregister_capture(name text) returns void
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
      'capture_owner', '42501', jsonb_build_object('name', name, 'caller', talkme.caller()), 'capture_owner.drop'
    );
  end if;
  delete from talkme.capture_rule as r where r.name = unregister_capture.name;
  perform talkme.record_audit('drop_capture', jsonb_build_object('name', name, 'table', rule.source::text), 0, null);
end
$$;

comment on function talkme.unregister_capture(text) is 'Takes a capture off the list; talkme.drop_capture calls it';

revoke execute on function talkme.unregister_capture(text) from public;
grant execute on function talkme.unregister_capture(text) to talkme_producer;
