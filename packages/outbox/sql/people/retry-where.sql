create or replace function talkme.retry_where(
  status      text        default null,
  error_code  text        default null,
  account     text        default null,
  id_campanha bigint      default null,
  id_wpp      bigint      default null,
  since       timestamptz default null,
  until       timestamptz default null,
  expires_at  timestamptz default null,
  reason      text        default null,
  go          boolean     default false,
  batch_id    bigint      default null
) returns setof talkme.touched
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb :=
    talkme.check_filter(status, '{failed,expired,cancelled}', error_code, account, id_campanha, id_wpp, since, until, batch_id);
  matched  talkme.match[];
  ids      bigint[];
begin
  -- Whoever cancelled rows or let them expire meant it: only an explicit status brings those back.
  matched := array(select m from talkme.match_rows(array[coalesce(status, 'failed')], filter, go) as m);
  matched := array(
    select (f.id, f.status, f.error_code, coalesce(
      f.obstacle,
      talkme.obstacle_to_resend(o, retry_where.expires_at),
      case when talkme.may_have_been_sent(f.id) then 'perhaps_sent' end
    ))::talkme.match
    from unnest(matched) as f
    left join talkme.outbox as o on o.id = f.id
  );
  if go then
    ids := array(select f.id from unnest(matched) as f where f.obstacle is null);
    perform talkme.bring_back(ids, expires_at);
    perform talkme.notify_daemon();
    perform talkme.record_action('retry_where', filter, ids, reason);
  end if;
  return query select * from talkme.report_touched(matched, 'pending', go);
end
$$;

comment on function talkme.retry_where(text, text, text, bigint, bigint, timestamptz, timestamptz, timestamptz, text, boolean, bigint) is
  'Makes the failed rows that a filter matches pending again (with status =>, the expired or the cancelled ones); since and until go by finished_at; without go => true it only says how many there are';

revoke execute on function talkme.retry_where(text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, timestamp with time zone, text, boolean, bigint) from public;
grant execute on function talkme.retry_where(text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, timestamp with time zone, text, boolean, bigint) to talkme_operator;
