create or replace function talkme.correct_where(
  changes     jsonb,
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
    '{pending,failed,expired,cancelled}', status, error_code, account, id_campanha, id_wpp, since, until, batch_id, ids, numero_dest, metadata, dedupe_key
  );
begin
  perform talkme.check_changes(changes);
  return query
  select * from talkme.act_where('correct', case when status is null then '{pending,failed}' else array[status] end, filter, jsonb_build_object('changes', changes), 'corrected', reason, go);
end
$$;

comment on function talkme.correct_where(jsonb, text, text, text, bigint, bigint, timestamptz, timestamptz, text, boolean, bigint, bigint[], text, jsonb, text) is
  'Corrects the waiting and failed rows that a filter matches (with status =>, others that are not on the wire, sent or unknown): changes is an object of columns and values, checked as at the insert; without go => true it only says how many there are';

revoke execute on function talkme.correct_where(jsonb, text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) from public;
grant execute on function talkme.correct_where(jsonb, text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) to talkme_operator, talkme_producer;
