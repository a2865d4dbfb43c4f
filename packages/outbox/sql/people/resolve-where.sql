create or replace function talkme.resolve_where(
  verdict     text,
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
  filter constant jsonb := talkme.check_filter(status, '{unknown}', error_code, account, id_campanha, id_wpp, since, until, batch_id);
  matched  talkme.match[];
  ids      bigint[];
begin
  perform talkme.check_verdict(verdict);
  matched := array(select m from talkme.match_rows('{unknown}', filter, go) as m);
  if verdict = 'resend' then
    matched := array(
      select (f.id, f.status, f.error_code, coalesce(f.obstacle, talkme.obstacle_to_resend(o, null)))::talkme.match
      from unnest(matched) as f
      left join talkme.outbox as o on o.id = f.id
    );
  end if;
  if go then
    ids := array(select f.id from unnest(matched) as f where f.obstacle is null);
    perform talkme.decide(ids, verdict);
    if verdict = 'resend' then
      perform talkme.notify_daemon();
    end if;
    perform talkme.record_action('resolve_where', filter || jsonb_build_object('as', verdict), ids, reason);
  end if;
  return query
  select * from talkme.report_touched(matched, case verdict when 'resend' then 'pending' else verdict end, go);
end
$$;

comment on function talkme.resolve_where(text, text, text, text, bigint, bigint, timestamptz, timestamptz, text, boolean, bigint) is
  'Decides about the unknown rows that a filter matches, as talkme.resolve does; since and until go by claimed_at; without go => true it only says how many there are';

revoke execute on function talkme.resolve_where(text, text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint) from public;
grant execute on function talkme.resolve_where(text, text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint) to talkme_operator;
