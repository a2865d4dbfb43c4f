-- What all functions do that act on the rows of a filter: find them, say what keeps some of them from it, and if it is meant, do it
-- with the others and write it down.
create or replace function talkme.act_where(
  action text, statuses text[], filter jsonb, how jsonb, done text, reason text, go boolean, recorded_as text default null
) returns setof talkme.touched
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  of_operator constant boolean := talkme.caller_is('{talkme_operator}');
  matched talkme.match[];
  refused talkme.match[];
  ids     bigint[];
  about   jsonb;
begin
  matched := array(select m from talkme.match_rows(statuses, filter, go) as m);
  if action <> 'cancel' then
    matched := array(
      select case
        when f.obstacle is not null then f
        -- Nearly all of many rows: a function for each would take longer than all the rest.
        when action = 'resume' and of_operator and o.batch_id is null and o.retry_at = talkme.held_until() then f
        when action = 'pause' then (f.id, f.status, f.error_code, case when o.retry_at = talkme.held_until() then 'held' end)::talkme.match
        else (f.id, f.status, f.error_code, talkme.obstacle_to(action, o, how))::talkme.match
      end
      from unnest(matched) as f
      left join talkme.outbox as o on o.id = f.id
    );
  end if;
  ids := array(select f.id from unnest(matched) as f where f.obstacle is null);
  if action = 'correct' then
    perform talkme.refuse_one_recipient(ids, how -> 'changes');
  end if;

  if go then
    about := talkme.filter_for_audit(filter - 'held') || case
      when action = 'correct' then talkme.changes_for_audit(ids, how -> 'changes')
      else how
    end;
    refused := array(select (t.id, null, null, t.obstacle)::talkme.match from talkme.perform_on_each(action, ids, how) as t);
    if refused <> '{}' then
      matched := array(
        select (f.id, f.status, f.error_code, coalesce(f.obstacle, t.obstacle))::talkme.match
        from unnest(matched) as f
        left join unnest(refused) as t using (id)
      );
    end if;
    ids := array(select f.id from unnest(matched) as f where f.obstacle is null);
    if action in ('retry', 'resume', 'correct') or how ->> 'as' = 'resend' then
      perform talkme.notify_daemon();
    end if;
    perform talkme.record_action(coalesce(recorded_as, action || '_where'), about, ids, reason);
  end if;
  return query select * from talkme.report_touched(matched, done, go);
end
$$;

comment on function talkme.act_where(text, text[], jsonb, jsonb, text, text, boolean, text) is
  'Does something with the rows that a filter matches, or counts them without go; done is a word of talkme.say';

revoke execute on function talkme.act_where(text, text[], jsonb, jsonb, text, text, boolean, text) from public;
