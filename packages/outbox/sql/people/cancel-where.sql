create or replace function talkme.cancel_where(
  status      text        default null,
  error_code  text        default null,
  account     text        default null,
  id_campanha bigint      default null,
  id_wpp      bigint      default null,
  since       timestamptz default null,
  until       timestamptz default null,
  reason      text        default null,
  go          boolean     default false,
  batch_id    bigint      default null,
  ids         bigint[]    default null,
  numero_dest text        default null,
  metadata    jsonb       default null,
  dedupe_key  text        default null
) returns setof talkme.touched
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb := talkme.check_filter(
    '{pending}', status, error_code, account, id_campanha, id_wpp, since, until, batch_id, ids, numero_dest, metadata, dedupe_key
  );
begin
  return query
  select * from talkme.act_where('cancel', '{pending}', filter, '{}', 'cancelled', reason, go);
end
$$;

comment on function talkme.cancel_where(text, text, text, bigint, bigint, timestamptz, timestamptz, text, boolean, bigint, bigint[], text, jsonb, text) is
  'Cancels the waiting rows that a filter matches; since and until go by created_at; without go => true it only says how many there are';

revoke execute on function talkme.cancel_where(text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) from public;
grant execute on function talkme.cancel_where(text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) to talkme_operator, talkme_producer, talkme_marketing;
