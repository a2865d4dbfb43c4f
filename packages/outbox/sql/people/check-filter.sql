create or replace function talkme.check_filter(
  allowed text[], status text, error_code text, account text, id_campanha bigint, id_wpp bigint,
  since timestamptz, until timestamptz, batch_id bigint, ids bigint[], numero_dest text, metadata jsonb, dedupe_key text
) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb := jsonb_strip_nulls(jsonb_build_object(
    'status', status, 'error_code', error_code, 'account', account, 'id_campanha', id_campanha, 'id_wpp', id_wpp,
    'since', since, 'until', until, 'batch_id', batch_id, 'ids', ids,
    'recipient', case when numero_dest is not null then talkme.parse_recipient(numero_dest) end,
    'dedupe_key', dedupe_key
    -- What it asks for may be a null.
  )) || case when metadata is null then '{}' else jsonb_build_object('metadata', metadata) end;
begin
  if filter = '{}' then
    perform talkme.refuse_as('outbox_filter_given', '{}', '22023');
  elsif status <> all (allowed) then
    perform talkme.refuse_as(
      'outbox_filter_status', jsonb_build_object('status', status, 'allowed', array_to_string(allowed, ', ')), '22023'
    );
  end if;
  return filter;
end
$$;

comment on function talkme.check_filter(
  text[], text, text, text, bigint, bigint, timestamptz, timestamptz, bigint, bigint[], text, jsonb, text
) is
  'Refuses a filter without conditions, or with a status that does not allow the action; returns the filter as talkme.match_rows takes it';

revoke execute on function talkme.check_filter(
  text[], text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, bigint, bigint[], text, jsonb, text
) from public;
