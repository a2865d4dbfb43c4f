create or replace function talkme.ended_by(o talkme.outbox, out "by" text, out reason text)
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  select a.who::text, talkme.hide_numbers(a.reason)
  from talkme.actions_on(o.id) as a
  where a.at = o.finished_at and a.action ~ '^(cancel|resolve)'
  order by a.id desc
  limit 1;
end;

comment on function talkme.ended_by(talkme.outbox) is 'Who cancelled or resolved a row, and why; null if nobody did';

revoke execute on function talkme.ended_by(talkme.outbox) from public;
