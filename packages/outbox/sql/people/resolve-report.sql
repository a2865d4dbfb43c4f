create or replace function talkme.resolve_report(
  sent        text[]      default '{}',
  not_sent    text[]      default '{}',
  not_sent_as text        default 'failed',
  account     text        default 'default',
  id_campanha bigint      default null,
  id_wpp      bigint      default null,
  since       timestamptz default null,
  until       timestamptz default null,
  batch_id    bigint      default null,
  reason      text        default null,
  go          boolean     default false
) returns setof talkme.touched
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filter   jsonb;
  matched  talkme.match[];
  refused  talkme.match[];
  were     bigint[];
  were_not bigint[];
begin
  if num_nonnulls(id_campanha, id_wpp) = 0 then
    perform talkme.refuse_as('outbox_report_target', '{}', '22023');
  elsif coalesce(cardinality(sent), 0) + coalesce(cardinality(not_sent), 0) = 0 then
    perform talkme.refuse_as('outbox_report_given', '{}', '22023');
  elsif not_sent_as is null or not_sent_as not in ('failed', 'resend') then
    perform talkme.refuse_as(
      'outbox_report_verdict', jsonb_build_object('verdict', coalesce(quote_literal(not_sent_as), 'null')), '22023'
    );
  end if;
  filter := talkme.check_filter(
    '{unknown}', null, null, coalesce(account, 'default'), id_campanha, id_wpp, since, until, batch_id, null, null, null, null
  );

  select
    coalesce(array_agg((j.id, j.status, j.error_code, j.obstacle)::talkme.match), '{}'),
    coalesce(array_agg(j.id) filter (where j.obstacle is null and j.verdict = 'sent'), '{}'),
    coalesce(array_agg(j.id) filter (where j.obstacle is null and j.verdict <> 'sent'), '{}')
  into matched, were, were_not
  from talkme.judge_by_report(
    array(select m from talkme.match_rows('{unknown}', filter, go) as m), sent, not_sent, not_sent_as, filter
  ) as j;

  if go then
    refused := array(
      select (t.id, null, null, t.obstacle)::talkme.match
      from (
        select * from talkme.perform_on_each('resolve', were, '{"as": "sent"}')
        union all
        select * from talkme.perform_on_each('resolve', were_not, jsonb_build_object('as', not_sent_as))
      ) as t
    );
    matched := array(
      select (f.id, f.status, f.error_code, coalesce(f.obstacle, t.obstacle))::talkme.match
      from unnest(matched) as f
      left join unnest(refused) as t using (id)
    );
    if not_sent_as = 'resend' then
      perform talkme.notify_daemon();
    end if;
    perform talkme.record_action(
      'resolve_report',
      talkme.filter_for_audit(filter) || jsonb_build_object(
        'sent', cardinality(were), 'not_sent', cardinality(were_not), 'not_sent_as', not_sent_as
      ),
      array(select f.id from unnest(matched) as f where f.obstacle is null), reason
    );
  end if;
  return query select * from talkme.report_verdicts(matched, were, not_sent_as, go);
  return query select * from talkme.report_entries_left(sent, not_sent, matched);
end
$$;

comment on function talkme.resolve_report(text[], text[], text, text, bigint, bigint, timestamptz, timestamptz, bigint, text, boolean) is
  'Decides about unknown rows by a report of Talk.me: the recipients of a campaign or channel to whom a message was sent, and to whom none was, in any spelling. What is ambiguous is left; without go => true it only says how many there are';

revoke execute on function talkme.resolve_report(text[], text[], text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, bigint, text, boolean) from public;
grant execute on function talkme.resolve_report(text[], text[], text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, bigint, text, boolean) to talkme_operator;
