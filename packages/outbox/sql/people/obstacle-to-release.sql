create or replace function talkme.obstacle_to_release(o talkme.outbox) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return case
    when o.retry_at is distinct from talkme.held_until() then 'not_held'
    when o.batch_id is not null and exists (select from talkme.paused as p where p.scope = 'batch:' || o.batch_id) then 'batch_paused'
    when talkme.caller_is('{talkme_operator}') then null
    -- A producer lets go what it holds itself.
    when o.error_code is distinct from 'held' or not coalesce((
      select talkme.caller_is_creator(a.who)
      from talkme.actions_on(o.id) as a
      where a.action = 'pause_where'
      order by a.id desc
      limit 1
    ), false) then 'held_by_others'
  end;
end
$$;

comment on function talkme.obstacle_to_release(talkme.outbox) is
  'Why talkme.resume_where cannot let a row go, as a word of talkme.say: obstacle; null if it can';

revoke execute on function talkme.obstacle_to_release(talkme.outbox) from public;
