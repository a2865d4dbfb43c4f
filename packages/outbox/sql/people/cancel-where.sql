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
  batch_id    bigint      default null
) returns setof talkme.touched
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb := talkme.check_filter(status, '{pending}', error_code, account, id_campanha, id_wpp, since, until, batch_id);
  matched  talkme.match[];
  ids      bigint[];
begin
  matched := array(select m from talkme.match_rows('{pending}', filter, go) as m);
  if go then
    ids := array(select f.id from unnest(matched) as f where f.obstacle is null);
    update talkme.outbox as o
    set status = 'cancelled', finished_at = now()
    where o.status = 'pending' and o.id = any (ids);
    perform talkme.record_action('cancel_where', filter, ids, reason);
  end if;
  return query select * from talkme.report_touched(matched, 'cancelled', go);
end
$$;

comment on function talkme.cancel_where(text, text, text, bigint, bigint, timestamptz, timestamptz, text, boolean, bigint) is
  'Cancels the waiting rows that a filter matches; since and until go by created_at; without go => true it only says how many there are';

revoke execute on function talkme.cancel_where(text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint) from public;
grant execute on function talkme.cancel_where(text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint) to talkme_operator, talkme_producer, talkme_marketing;
