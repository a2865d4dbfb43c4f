create or replace function talkme.filter_for_audit(filter jsonb) returns jsonb
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select filter - '{ids,recipient,metadata,dedupe_key}'::text[] || jsonb_strip_nulls(jsonb_build_object(
    'ids', jsonb_array_length(filter -> 'ids'),
    'numero_dest', case when filter ? 'recipient' then 'given' end,
    'metadata', case when filter ? 'metadata' then 'given' end,
    'dedupe_key', case when filter ? 'dedupe_key' then 'given' end
  ));
end;

comment on function talkme.filter_for_audit(jsonb) is
  'A filter without what may name a person; of ids their number: talkme.audit_row has the rows';

revoke execute on function talkme.filter_for_audit(jsonb) from public;
