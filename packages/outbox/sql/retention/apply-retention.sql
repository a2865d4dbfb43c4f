-- Blanks a row after the retention of its campaign or account, and deletes it later; talkme.forget does so at once for one
-- person. What is blanked, and when: docs/sql.md.
create or replace function talkme.apply_retention(
  batch integer default 1000, not_again_within interval default interval '0',
  out blanked integer, out deleted integer, out partitions integer, out refused integer, out more boolean, out did text
)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  part    talkme.retention_progress;
  step    record;
  dropped text;
  rows    integer;
begin
  if batch not between 1 and 10000 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('retention.batch', jsonb_build_object('batch', batch)),
      hint = talkme.say('retention.batch.hint');
  end if;
  blanked := 0;
  deleted := 0;
  partitions := 0;
  refused := 0;
  more := true;
  if not pg_try_advisory_xact_lock(hashtext('talkme.apply_retention')) then
    did := talkme.say('retention.busy');
    return;
  end if;

  perform talkme.plan_retention();
  if not exists (select from talkme.retention_progress where ended_at is null) then
    -- A day back, for what was committed late, or ended before the clock was set back.
    update talkme.retention_progress as p
    set ended_at = null, skipped_from = null, walked_to_id = 0,
      walked_to = least(p.walked_to, p.skipped_from, now() - p.after::interval) - interval '1 day'
    where p.ended_at <= now() - not_again_within;
  end if;

  -- What is to be deleted need not be blanked first.
  select * into part
  from talkme.retention_progress as p
  where p.ended_at is null
  order by array_position(array['delete', 'blank', 'attempt', 'gap_claim', 'list'], p.action), p.after
  limit 1;
  if not found then
    more := false;
    did := talkme.say('retention.done');
    return;
  end if;

  if part.action in ('delete', 'blank') then
    step := talkme.walk_finished(part, batch);
    part := step.part;
    refused := step.refused;
    if part.action = 'delete' then
      deleted := step.changed;
      did := talkme.say('retention.deleted', jsonb_build_object('rows', deleted, 'after', part.after));
    else
      blanked := step.changed;
      did := talkme.say('retention.blanked', jsonb_build_object('rows', blanked, 'after', part.after));
    end if;
    if refused > 0 then
      did := did || ' ' || talkme.say('retention.refused', jsonb_build_object('rows', refused, 'refusal', step.refusal));
    end if;
  elsif part.action = 'attempt' then
    delete from talkme.attempt_default as d
    where d.ctid = any(array(
      select l.ctid from talkme.attempt_default as l
      where l.started_at <= now() - part.after::interval
        and l.account in (select a.account from talkme.account as a where a.delete_after is not null)
      limit batch
      for update skip locked
    ));
    get diagnostics rows = row_count;
    begin
      dropped := talkme.drop_attempt_partition(now() - part.after::interval);
      did := case
        when dropped is null then talkme.say('retention.attempts', jsonb_build_object('rows', rows))
        else talkme.say('retention.dropped', jsonb_build_object('partition', quote_ident(dropped)))
      end;
    exception when lock_not_available then
      did := talkme.say('retention.in_use');
    end;
    partitions := (dropped is not null)::integer;
    if dropped is null and rows < batch then
      part.ended_at := now();
    end if;
  elsif part.action = 'list' then
    delete from talkme.list as l
    where l.id in (select e.id from talkme.list as e where e.created_at < now() - part.after::interval limit 10 for update skip locked);
    get diagnostics rows = row_count;
    did := format('Deleted %s list(s).', rows);
    if rows < 10 then
      part.ended_at := now();
    end if;
  else
    -- Each batch reads the whole table: it is small, and every claim would have to write an index.
    delete from talkme.gap_claim as t
    where t.ctid = any(array(
      select l.ctid from talkme.gap_claim as l
      where l.taken_at < now() - greatest(
        part.after::interval,
        (select max(a.recipient_gap) from talkme.account as a), (select max(c.recipient_gap) from talkme.campaign as c)
      )
      limit batch * 10
      for update skip locked
    ));
    get diagnostics rows = row_count;
    did := talkme.say('retention.recipients', jsonb_build_object('rows', rows));
    if rows < batch * 10 then
      part.ended_at := now();
    end if;
  end if;

  update talkme.retention_progress as p
  set walked_to = part.walked_to, walked_to_id = part.walked_to_id, skipped_from = part.skipped_from, ended_at = part.ended_at
  where p.action = part.action and p.after = part.after;
  more := exists (select from talkme.retention_progress where ended_at is null);
end
$$;

comment on function talkme.apply_retention(integer, interval) is
  'Does the next batch of what retention asks for, and says what it did and whether more is left: call it, in transactions of their own, until nothing is. A round that ended within the second argument is not begun again';

revoke execute on function talkme.apply_retention(integer, interval) from public;
grant execute on function talkme.apply_retention(integer, interval) to talkme_daemon, talkme_operator;
