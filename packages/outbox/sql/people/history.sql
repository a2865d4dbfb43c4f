create or replace function talkme.history(id bigint) returns table (at timestamptz, event text, detail text, by text)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o   constant talkme.outbox := talkme.find_row(id, '{talkme_operator,talkme_viewer,talkme_daemon,talkme_marketing}');
  why constant text := o.error_code || coalesce(': ' || talkme.hide_numbers(o.error), '');
begin
  return query
  select h.at, h.event, h.detail, h.by
  from (
    select 1, o.created_at, 'inserted', format('for %s', o.lane), o.created_by::text
    where o.id is not null
    union all
    -- Partitions of earlier months hold none of its attempts.
    select
      2, t.started_at, 'attempt ' || t.attempt || ' ' || t.outcome,
      concat_ws(
        ', ', t.action || ' took ' || t.duration_ms || ' ms', 'HTTP ' || t.http_status, 'reference ' || t.reference,
        t.error_code || coalesce(': ' || talkme.hide_numbers(t.error), '')
      ),
      t.instance
    from talkme.attempt as t
    where t.outbox_id = o.id and t.started_at >= o.created_at
    union all
    select 3, a.at, a.action, 
      concat_ws(', ', talkme.hide_numbers(a.reason), nullif(a.about - 'id', '{}')::text, case when a.rows > 1 then a.rows || ' rows' end), a.who
    from talkme.actions_on(o.id) as a
    union all
    select 4, o.claimed_at, o.status, case o.status when 'sending' then 'claim ' || o.fence else why end, o.claimed_by
    where o.status in ('sending', 'unknown')
    union all
    select 4, o.finished_at, o.status, case o.status when 'sent' then 'reference ' || o.reference else why end, null
    where o.finished_at is not null
    union all
    select 4, o.due_at, 'is due', why, null
    where o.status = 'pending' and o.due_at < talkme.held_until()
    union all
    select 5, o.blanked_at, 'personal data removed', null, null
    where o.blanked_at is not null
  ) as h (step, at, event, detail, by)
  order by h.at, h.step;
end
$$;

comment on function talkme.history(bigint) is
  'The life of a row: its insert, each attempt, what people did with it, and its end; empty if there is no such row or you may not see it';

revoke execute on function talkme.history(bigint) from public;
grant execute on function talkme.history(bigint) to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
