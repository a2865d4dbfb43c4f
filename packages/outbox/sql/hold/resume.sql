create or replace function talkme.resume(scope text) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  parts    constant text[] := talkme.parse_scope(scope);
  pauses   integer;
  circuits integer;
  lanes    integer;
  held     bigint := 0;
  put_off  bigint := 0;
  done     text[] := '{}';
  others   text;
begin
  perform talkme.refuse_scope(parts);
  perform talkme.refuse_resume(scope, parts);
  delete from talkme.paused as p where p.scope = resume.scope;
  get diagnostics pauses = row_count;

  update talkme.circuit as c
  set version = c.version + 1, half_open_at = clock_timestamp(),
    trial_by = (select i.name from talkme.instance as i where i.name = c.trial_by)
  where c.kind is not null and (parts[1] = 'all' or (parts[1] = 'account' and c.account = parts[2]));
  get diagnostics circuits = row_count;

  update talkme.lane as l
  set quiet_until = null
  where l.quiet_until > now() and (
    select resume.scope = any (talkme.scopes_of(p.account, p.campaign, p.channel)) from talkme.lane_parts(l.lane) as p
  );
  get diagnostics lanes = row_count;

  -- Held rows go only when their own campaign or batch is resumed, not together with everything else; what a person holds by
  -- pause_where, by resume_where alone.
  if parts[1] = 'campaign' then
    update talkme.outbox as o
    set retry_at = null, error_code = null, error = null
    where o.status = 'pending' and o.retry_at = talkme.held_until() and o.id_campanha = parts[2]::bigint
      and (o.error_code is null or o.error_code not in ('batch_paused', 'held'));
    get diagnostics held = row_count;
  elsif parts[1] = 'batch' then
    update talkme.outbox as o
    set retry_at = null, error_code = null, error = null
    where o.status = 'pending' and o.batch_id = parts[2]::bigint and o.due_at = talkme.held_until()
      and o.error_code is distinct from 'held';
    get diagnostics held = row_count;
  end if;

  -- The next claim judges again what was put off: a window or a gap may have changed.
  if parts[1] in ('campaign', 'account', 'batch') then
    update talkme.outbox as o
    set retry_at = null, error_code = null, error = null
    where o.status = 'pending' and o.error_code in ('outside_window', 'recipient_gap') and o.due_at > now()
      and o.lane = any (talkme.lanes_of(scope)) and (parts[1] <> 'batch' or o.batch_id = parts[2]::bigint);
    get diagnostics put_off = row_count;
  end if;

  perform talkme.notify_daemon();
  perform talkme.record_audit('resume', jsonb_build_object('scope', scope), held, null);

  select string_agg(format('%s (%s)', p.scope, p.reason), ', ' order by p.scope) into others
  from talkme.paused as p
  where parts[1] = 'all' or p.scope = 'all';
  if pauses > 0 then
    done := done || talkme.say('resume.resumed', jsonb_build_object('scope', scope));
  end if;
  if held > 0 then
    done := done || talkme.say('resume.held', jsonb_build_object('held', held, 'scope', scope));
  end if;
  if put_off > 0 then
    done := done || talkme.say('resume.put_off', jsonb_build_object('put_off', put_off, 'scope', scope));
  end if;
  if circuits + lanes > 0 then
    done := done || talkme.say('resume.trials', jsonb_build_object('scope', scope, 'circuits', circuits, 'lanes', lanes));
  end if;
  if done = '{}' then
    done := done || talkme.say('resume.nothing', jsonb_build_object('scope', scope));
  end if;
  if others is not null then
    done := done || talkme.say('resume.others', jsonb_build_object('others', others));
  end if;
  return array_to_string(done, ' ');
end
$$;

comment on function talkme.resume(text) is
  'Ends the pause of a scope; lets the held rows of a campaign or batch go; tries waiting circuits, campaigns and channels with one row each, and if the API takes it, the others follow';

revoke execute on function talkme.resume(text) from public;
grant execute on function talkme.resume(text) to talkme_operator, talkme_producer, talkme_marketing;
